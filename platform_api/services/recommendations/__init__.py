"""What to play next: asks the recommender, and says why in words that are true of the listener."""
