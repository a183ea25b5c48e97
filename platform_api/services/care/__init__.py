"""What a listener says about their own history: one recording or two, who does not count, what was not so."""
