"""Habits: the coming week, the next session, likely skips and the days that broke the pattern."""
