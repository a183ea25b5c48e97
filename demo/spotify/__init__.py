"""A stand-in for accounts.spotify.com and api.spotify.com, as far as an app of today may use them.

It speaks the real wire format over real HTTP, errors included, and knows nobody real. `make demo` starts it, so that
Connect can be pressed without a Spotify account; tests put faults, late plays and revoked consents into it.
"""
