"""The story in our own words: each fact in one of its phrasings, chosen by the span, the same every time."""

import hashlib

from platform_api.services.ai_agent.sheet import Fact, FactSheet

NOTHING = "There was no music {spoken_span}. That may be a story too, but not one that can be told from here."


def phrasing(fact: Fact, seed: str) -> str:
    """One of the ways to say a fact. `seed` makes two spans, and two listeners, sound a little different."""
    ways = (fact.sentence, *fact.others)
    digest = hashlib.sha256(f"{seed}\n{fact.key}".encode()).digest()
    return ways[digest[0] % len(ways)]


def nothing_to_tell(sheet: FactSheet) -> str:
    return NOTHING.format(spoken_span=sheet.spoken_span)
