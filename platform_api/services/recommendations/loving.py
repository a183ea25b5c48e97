"""What a listener said they love, in what is suggested to them.

Where music that is known is asked for, a loved track stands at half the place that it would have: the 30th is 15th.
That moves it as far with any model as with plain counting, whose scores mean different things, and what nobody would
suggest stays away.
"""

from collections.abc import Collection, Sequence

from platform_api.schemas.recommendations import Wish
from platform_api.services.recommendations.reasons import Ground

Chosen = Sequence[tuple[int, float, Sequence[Ground]]]
"""(track id, score, grounds), best first."""

OF_WHAT_IS_KNOWN: Collection[Wish] = ("comfort", "rediscover")


def wider(limit: int, loved: Collection[int]) -> int:
    """How many to choose from, so that a loved one may come in from below."""
    return 2 * limit if loved else limit


def lifted(chosen: Chosen, loved: Collection[int], limit: int) -> Chosen:
    """The best `limit`, each loved track at half its place and saying so.

    >>> [track for track, *_ in lifted([(7, 3.0, []), (8, 2.0, []), (9, 1.0, [])], {9}, 2)]
    [7, 9]
    """
    places = [at // 2 if track_id in loved else at for at, (track_id, _, _) in enumerate(chosen)]
    order = sorted(range(len(chosen)), key=lambda at: (places[at], chosen[at][0] not in loved))
    return [_saying_so(chosen[at], loved) for at in order[:limit]]


def _saying_so(one: tuple[int, float, Sequence[Ground]], loved: Collection[int]) -> tuple[int, float, Sequence[Ground]]:
    track_id, score, grounds = one
    return (track_id, score, [Ground("loved"), *grounds]) if track_id in loved else one
