"""When somebody listens, what they skip, when they come back: an LSTM beside plain counts."""
