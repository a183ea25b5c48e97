"""One's taste beside that of a friend. Both allow it, or nothing is told: not even what is missing."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from platform_api.core.errors import NotFound
from platform_api.crud import grooves, hiding, people, users
from platform_api.crud.analytics import TopKind
from platform_api.models import User
from platform_api.schemas.taste import SharedTaste, Taste, TasteOfOne, TasteSpan
from platform_api.services.accounts.handles import handle_key
from platform_api.services.analytics import questions
from platform_api.services.analytics.facts import Facts, facts_of
from platform_api.services.analytics.history import History, history_of, of_one_moment
from platform_api.services.analytics.naming import names
from platform_api.services.analytics.ranking import ranking
from platform_api.utils.cache import Cache

ARTISTS, TRACKS, OF_ONE = 10, 2, 5


class NotCompared(NotFound):
    title = "These tastes are not compared"
    detail = "Taste can be compared once you follow each other and both allow it."


@dataclass(frozen=True)
class Heard:
    """What counts of one of the two: by rank, each with its part of all listens; and everybody ever listened to."""

    artists: dict[int, float]
    tracks: dict[int, float]
    known: set[int]


def compared(session: Session, cache: Cache, viewer: User, handle: str, span: TasteSpan) -> bytes:
    """A `Taste`, as JSON. Raises NotCompared, the same for every reason."""
    friend = _friend(session, viewer, handle)
    clocks = [(user.time_zone, questions.today_of(user)) for user in (viewer, friend)]
    key = {"span": span, "version": friend.data_version, "clocks": clocks}

    def computed() -> Taste:
        with of_one_moment(session):
            return taste(session, viewer, friend, span)

    # kept under the names of both, so that it goes with either
    return cache.cached_json(viewer, f"taste-beside:{friend.ml_key}", key, computed)


def _friend(session: Session, viewer: User, handle: str) -> User:
    user = users.by_handle_key(session, handle_key(handle))
    if user is None or not (viewer.may_compare and user.may_compare):
        raise NotCompared
    between = people.relation(session, viewer.id, user.id)
    if not (between.is_following and between.follows_me) or between.is_blocked or between.has_blocked_me:
        raise NotCompared
    return user


def taste(session: Session, viewer: User, friend: User, span: TasteSpan) -> Taste:
    """Whom either left out is in neither of the two."""
    left_out = hiding.hidden_by(session, [viewer.id, friend.id])
    mine, theirs = (_heard(session, user, span, left_out) for user in (viewer, friend))
    return Taste(
        span=span,
        overlap=overlap(mine.artists, theirs.artists),
        artists=_both(session, "artists", mine.artists, theirs.artists, ARTISTS),
        tracks=_both(session, "tracks", mine.tracks, theirs.tracks, TRACKS),
        only_mine=_only(session, mine, theirs),
        only_theirs=_only(session, theirs, mine),
    )


def overlap(mine: dict[int, float], theirs: dict[int, float]) -> float | None:
    """Of shares that are 1 in all: 0 nothing in common, 1 the same artists equally much.

    >>> overlap({1: 0.5, 2: 0.5}, {1: 0.2, 3: 0.8})
    0.2
    """
    if not mine or not theirs:
        return None
    return round(sum(min(share, theirs.get(item, 0.0)) for item, share in mine.items()), 4)


def _heard(session: Session, user: User, text: TasteSpan, left_out: list[int]) -> Heard:
    span = questions.resolve(session, user, text)
    history = history_of(session, user)
    facts = facts_of(session, history)
    counts = np.append(~np.isin(facts.artist_ids, left_out), False)  # -1, no artist, is the last
    songs = history.songs.listens
    ever = songs.where(counts[facts.artist[songs.track]] & (songs.told(grooves.PRIVATE_BITS) != 2))
    within = ever.between(span.first_day, span.last_day)
    return Heard(
        artists=_shares(within, facts, "artists"),
        tracks=_shares(within, facts, "tracks"),
        known=set(facts.artist_ids[np.unique(facts.artist[ever.track])].tolist()),
    )


def _shares(listens: History, facts: Facts, kind: TopKind) -> dict[int, float]:
    ranked = ranking(listens, facts, kind, "listens")
    shares = ranked.listens / max(1, len(listens))
    return dict(zip(ranked.ids.tolist(), shares.tolist(), strict=True))


def _both(
    session: Session, kind: TopKind, mine: dict[int, float], theirs: dict[int, float], most: int
) -> list[SharedTaste]:
    """Whatever is a large part of both comes first; of equals what the viewer listens to more."""
    shared = sorted((item for item in mine if item in theirs), key=lambda item: -min(mine[item], theirs[item]))[:most]
    named = names(session, kind, shared)
    return [
        SharedTaste(
            id=item,
            name=named[item].name,
            artist=named[item].artist,
            mine=round(mine[item], 4),
            theirs=round(theirs[item], 4),
        )
        for item in shared
    ]


def _only(session: Session, one: Heard, other: Heard) -> list[TasteOfOne]:
    chosen = [item for item in one.artists if item not in other.known][:OF_ONE]
    named = names(session, "artists", chosen)
    return [TasteOfOne(id=item, name=named[item].name, share=round(one.artists[item], 4)) for item in chosen]
