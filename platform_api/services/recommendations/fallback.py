"""When the recommender cannot be asked: what was played most lately, what fell silent, what is popular nearby."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy.orm import Session

from platform_api.crud import recommendations as crud
from platform_api.crud.recommendations import Suggested
from platform_api.schemas.recommendations import Wish
from platform_api.services.recommendations.reasons import Ground

NAME = "popular_and_recent"
SILENT_DAYS = 90


def suggest(
    session: Session, user_id: int, wish: Wish, hidden: Collection[int], limit: int
) -> list[tuple[int, float, list[Ground]]]:
    """(track id, score, grounds), best first. Days are counted back from the listener's last one, not from today:

    an export may be months old, and its last weeks are still what its listener liked last.
    """
    until = crud.last_day(session, user_id) or date(1970, 1, 1)
    match wish:
        case "comfort" | "hour":  # plain counting keeps no sums by time of day
            found = crud.played_most_lately(session, user_id, until, hidden, limit)
            return [(each.track_id, each.score, [Ground("played_often")]) for each in found]
        case "rediscover":
            before = until - timedelta(days=SILENT_DAYS)
            found = crud.silent_favourites(session, user_id, before, hidden, limit)
            return [(each.track_id, each.score, [Ground("comeback")]) for each in found]
        case "discover":
            found = crud.unheard_nearby(session, user_id, until, hidden, limit)
            return [(each.track_id, each.score, _grounds_nearby(each)) for each in found]


def _grounds_nearby(suggested: Suggested) -> list[Ground]:
    grounds = []
    if suggested.evidence:
        grounds.append(Ground("same_artist", evidence=suggested.evidence))
    if suggested.listeners:
        grounds.append(Ground("popular", listeners=suggested.listeners))
    return grounds
