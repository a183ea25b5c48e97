"""Handles: the one rule for what a person can be called in an address.

A handle is 3 to 30 ASCII letters, digits, `_` or `-`, and begins with a letter or digit. Two handles are the same when
they are equal after NFKC and casefold (`handle_key`). Because nothing but ASCII is left after NFKC, zero-width
characters and look-alike letters of other scripts cannot occur. Display names may be in any script.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator

from platform_api.core.errors import InvalidField, InvalidRequest

SHORTEST, LONGEST = 3, 30
LETTERS_OF_CHANCE = "bcdfghjkmnpqrstvwxz23456789"
"""No vowels: they make words."""
HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,29}")
RESERVED = frozenset({
    "about", "account", "admin", "administrator", "analysis", "anonymous", "api", "auth", "blocked", "community",
    "config", "everybody", "everyone", "feed", "followers", "following", "for-you", "habits", "help", "home", "import",
    "imports", "landing", "listener", "moderator", "new", "nobody", "null", "official", "people", "playlists", "posts",
    "root", "search", "settings", "shares", "sign-in", "sign-up", "staff", "status", "stories", "story", "support",
    "system", "tonearm", "tracks", "undefined", "wrap", "wraps",
})  # fmt: skip


def handle_key(handle: str) -> str:
    return unicodedata.normalize("NFKC", handle).casefold()


def checked(wanted: str) -> str:
    """The handle as it will be shown. Raises InvalidRequest for one that breaks the rule or is reserved."""
    handle = unicodedata.normalize("NFKC", wanted.strip())
    if not HANDLE.fullmatch(handle):
        message = f"{SHORTEST} to {LONGEST} letters a-z, digits, _ or -, beginning with a letter or digit"
        raise InvalidRequest(errors=[InvalidField(field="handle", message=message)])
    if handle_key(handle) in RESERVED:
        raise InvalidRequest(errors=[InvalidField(field="handle", message="this word is kept for Tonearm itself")])
    return handle


def suggestions(name: str | None) -> Iterator[str]:
    """Handles to try for a new person, most natural first; endless. Everybody sees them, so without a name that makes
    one it is four letters of chance, never part of their e-mail address."""
    base = _ascii(name or "")
    while not base:
        yield f"listener-{''.join(secrets.choice(LETTERS_OF_CHANCE) for _ in range(4))}"
    if len(base) < SHORTEST or base in RESERVED:
        base = f"{base}-listener"[:LONGEST]
    yield base
    number = 2
    while True:
        yield f"{base[: LONGEST - len(str(number)) - 1]}-{number}"
        number += 1


def _ascii(text: str) -> str:
    """'Zoë van Dijk' → 'zoe-van-dijk'; empty where no ASCII letter is left."""
    decomposed = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9_]+", "-", decomposed).strip("-_")[:LONGEST].rstrip("-_")
