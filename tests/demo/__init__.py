"""The demo town: the same bytes from the same seed, audible styles, histories like real ones, exports that import."""
