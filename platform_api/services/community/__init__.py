"""People, what they say to each other and what they show of their listening."""
