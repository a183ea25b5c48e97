"""Side-by-side measurements; each module prints a table and can be run by anyone."""
