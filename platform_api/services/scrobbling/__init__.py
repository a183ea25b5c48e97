"""What scrobblers send: ListenBrainz's own wire format and rules, and what becomes of a listen."""
