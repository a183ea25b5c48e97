"""Questions about a listener's history over a span of days, in their own time zone."""
