"""The narrator: a small language model that says facts in its own words. It invents; whoever asks must check."""
