"""The embedded local stack: every server Tonearm needs, from packages, watched by supervisor, no root and no Docker.

`python -m stack up|down|status|logs|wait|restart` is all of it. It imports nothing else of ours: what it starts, it
starts as a command.
"""
