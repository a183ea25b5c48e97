"""Live capture from Spotify, for listeners who connect their account.

`linking` is the way there and back, `tokens` keeps the access token fresh, `budget` says whether a call may be made,
`client` makes it, `items` reads the answer, `capturing` turns it into plays, `enriching` fills the catalogue, `watch`
notices what is due, `jobs` is what the worker runs, `page` is what Settings shows.
"""
