"""The demo town: made-up artists whose music is synthesised, and made-up listeners whose exports look like Spotify's.

`python -m demo make` writes the town, `python -m demo enter` brings it in through the product's own doors.
"""
