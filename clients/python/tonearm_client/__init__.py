"""Your plays, out of your Tonearm, as a pandas DataFrame or a Parquet file.

    >>> from tonearm_client import Tonearm                                            # doctest: +SKIP
    >>> plays = Tonearm("https://your.server", token="…").plays("2024-01-01", "2024-12-31")     # doctest: +SKIP

A personal token (Settings → What sends your plays here) opens your plays and nothing else. What a listen, a skip and a
day are is decided by the server, the same way as on its pages, and comes along as columns; see docs/pandas.md.
"""

from tonearm_client.answers import calendar, clock, music, top, totals
from tonearm_client.reading import Refused, Tonearm

__all__ = ["Refused", "Tonearm", "calendar", "clock", "music", "top", "totals"]
