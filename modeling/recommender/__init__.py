"""What to play next, and why: a causal transformer fused with the listener's own counts."""
