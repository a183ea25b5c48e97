"""One rule for when two written names are the same name."""

import unicodedata

NAME_KEY_CHARACTERS = 500
"""Four bytes each still fit a btree page (2,704 bytes)."""


def name_key(name: str) -> str:
    """NFKC, casefolded, single spaces, at most 500 characters. `""` for a name made of spaces only.

    >>> name_key("  BEYONCÉ  Knowles ") == name_key("beyonce\u0301 knowles")
    True
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())[:NAME_KEY_CHARACTERS].rstrip()
