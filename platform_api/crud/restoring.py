"""What an export tells beside plays, brought back: each thing once, known by its own moment or its own names.

What is there already stays as it is, and what the listener said here is never overruled. Whatever an import brought
says so in `told_by`; another import that tells the same is noted there as well. `hold_history` is held.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Table, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.crud import playlists, recordings
from platform_api.models import (
    HiddenArtist,
    MergeRefusal,
    Playlist,
    RecommendationFeedback,
    Track,
    TrackGenre,
    TrackMerge,
)  # fmt: skip

Outcome: TypeAlias = tuple[str, str]
"""Verdict and reason of a row that brought nothing."""
ALREADY: Outcome = ("duplicate", "already_known")
REPEATED: Outcome = ("duplicate", "repeated_in_file")
Outcomes: TypeAlias = dict[int, Outcome]
"""By position of the row. A row that is not in it was accepted."""
Key: TypeAlias = tuple[Any, ...]


class Target(NamedTuple):
    """Whose, and by which file of an import."""

    user_id: int
    file_id: int


class RestoredPlaylist(NamedTuple):
    position: int
    name: str
    description: str
    created_at: datetime
    track_ids: list[int]


class RestoredMerge(NamedTuple):
    position: int
    track_id: int
    merged_into: int
    why: str
    merged_at: datetime


class Restored(NamedTuple):
    """A row of a table whose own columns say which one it is; `values` are all columns but the owner."""

    position: int
    values: Mapping[str, Any]


def add_playlists(session: Session, target: Target, rows: Iterable[RestoredPlaylist], most: int) -> Outcomes:
    """Known by the moment at which they were made: a list that got another name here is the same list."""
    outcomes: Outcomes = {}
    room = most - playlists.count_playlists(session, target.user_id)
    for row in rows:
        same = select(Playlist).where(Playlist.user_id == target.user_id, Playlist.created_at == row.created_at)
        known = session.scalars(same.limit(1)).first()
        if known is not None:
            outcomes[row.position] = _known_as(known.told_by, target)
            if known.told_by is not None and target.file_id not in known.told_by:
                known.told_by = [*known.told_by, target.file_id]
        elif room <= 0:
            outcomes[row.position] = ("skipped", "no_room")
        else:
            room -= 1
            added = playlists.add(session, target.user_id, row.name, row.description)
            added.created_at, added.told_by = row.created_at, [target.file_id]
            playlists.replace_tracks(session, added.id, row.track_ids)
        session.flush()
    return outcomes


def add_feedback(session: Session, target: Target, rows: Sequence[Restored]) -> Outcomes:
    outcomes, known = _add(session, target, _table(RecommendationFeedback), ("track_id",), rows)
    said = {row.position: row.values["verdict"] for row in rows}
    for position, there in known.items():
        if there.verdict != said[position]:
            outcomes[position] = ("skipped", "said_otherwise_here")
    return outcomes


def add_genres(session: Session, target: Target, rows: Sequence[Restored]) -> Outcomes:
    return _add(session, target, _table(TrackGenre), ("track_id", "genre_key"), rows)[0]


def add_refusals(session: Session, target: Target, rows: Sequence[Restored]) -> Outcomes:
    """They decide about suggestions only, so they may stand beside a merge, as they may where they come from."""
    same = {row.position for row in rows if row.values["track_id"] == row.values["other_id"]}
    pairs = [row for row in rows if row.position not in same]
    return _add(session, target, _table(MergeRefusal), ("track_id", "other_id"), pairs)[0] | dict.fromkeys(
        same, ("skipped", "one_track")
    )


def hide_artists(session: Session, target: Target, rows: Sequence[Restored]) -> Outcomes:
    artist_ids = {row.values["artist_id"] for row in rows}
    hidden = select(HiddenArtist.artist_id).where(
        HiddenArtist.user_id == target.user_id, HiddenArtist.artist_id.in_(artist_ids)
    )
    new = artist_ids - set(session.scalars(hidden))
    own = session.scalars(select(Track.id).where(Track.artist_id.in_(new))).all() if new else []
    tracks = recordings.recordings_of(session, target.user_id, own) if own else []
    outcomes, _ = _add(session, target, _table(HiddenArtist), ("artist_id",), rows)
    recordings.settle(session, target.user_id, tracks)
    return outcomes


def add_merges(session: Session, target: Target, rows: Sequence[RestoredMerge]) -> Outcomes:
    """Edge by edge as they were, so that each can be taken back as before; never a ring, never a second edge."""
    outcomes: Outcomes = {}
    ids = {id_ for row in rows for id_ in (row.track_id, row.merged_into)}
    roots = _Roots(session, target.user_id, ids)
    refused = _refused(session, target.user_id, ids)
    new: dict[int, RestoredMerge] = {}
    told_too: list[Key] = []
    for row in rows:
        edge = roots.edges.get(row.track_id)
        if edge is not None and edge.merged_into == row.merged_into:
            outcomes[row.position] = _known_as(edge.told_by, target)
            told_too.append((row.track_id,))
        elif row.track_id in new and new[row.track_id].merged_into == row.merged_into:
            outcomes[row.position] = REPEATED
        elif edge is not None or row.track_id in new:
            outcomes[row.position] = ("skipped", "counts_otherwise_here")
        elif roots.of(row.merged_into) == row.track_id:
            outcomes[row.position] = ("skipped", "count_together_here")
        elif (min(row.track_id, row.merged_into), max(row.track_id, row.merged_into)) in refused:
            outcomes[row.position] = ("skipped", "refused_here")
        else:
            new[row.track_id] = row
            roots.added[row.track_id] = row.merged_into
    _note(session, target, _table(TrackMerge), ("track_id",), told_too)
    if new:
        plays = recordings.recordings_of(session, target.user_id, list(new))
        for root in new:
            below = TrackMerge.user_id == target.user_id, TrackMerge.counted_as == root
            session.execute(update(TrackMerge).where(*below).values(counted_as=roots.of(root)))
        values = [
            {
                "user_id": target.user_id,
                "track_id": row.track_id,
                "merged_into": row.merged_into,
                "counted_as": roots.of(row.track_id),
                "why": row.why,
                "merged_at": row.merged_at,
                "told_by": [target.file_id],
            }
            for row in new.values()
        ]
        session.execute(insert(TrackMerge), values)
        recordings.settle(session, target.user_id, plays)
    return outcomes


class _Roots:
    """What these tracks count as, while edges are added."""

    def __init__(self, session: Session, user_id: int, track_ids: Iterable[int]) -> None:
        told = select(TrackMerge.track_id, TrackMerge.merged_into, TrackMerge.counted_as, TrackMerge.told_by)
        mine = told.where(TrackMerge.user_id == user_id, TrackMerge.track_id.in_(set(track_ids)))
        self.edges = {edge.track_id: edge for edge in session.execute(mine)}
        self.added: dict[int, int] = {}

    def of(self, track_id: int) -> int:
        while True:
            if track_id in self.added:
                track_id = self.added[track_id]
            elif track_id in self.edges:
                track_id = self.edges[track_id].counted_as
            else:
                return track_id


def _refused(session: Session, user_id: int, track_ids: Iterable[int]) -> set[Key]:
    """By the listener's own hand."""
    said = select(MergeRefusal.track_id, MergeRefusal.other_id).where(
        MergeRefusal.user_id == user_id, MergeRefusal.track_id.in_(set(track_ids)), MergeRefusal.told_by.is_(None)
    )
    return {(one, other) for one, other in session.execute(said)}


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


def _known_as(told_by: Sequence[int] | None, target: Target) -> Outcome:
    return REPEATED if target.file_id in (told_by or ()) else ALREADY


def _add(
    session: Session, target: Target, table: Table, key: tuple[str, ...], rows: Sequence[Restored]
) -> tuple[Outcomes, dict[int, Any]]:
    """Adds what is not there. Returns the outcomes and, for rows that are there, what stands there."""
    outcomes: Outcomes = {}
    first: dict[Key, Restored] = {}
    for row in rows:
        key_of = tuple(row.values[name] for name in key)
        if first.setdefault(key_of, row) is not row:
            outcomes[row.position] = REPEATED
    if not first:
        return outcomes, {}
    columns = [table.columns[name] for name in key]
    mine = {"user_id": target.user_id, "told_by": [target.file_id]}
    added = insert(table).values([{**row.values, **mine} for row in first.values()]).on_conflict_do_nothing()
    new = {tuple(row) for row in session.execute(added.returning(*columns))}
    there = first.keys() - new
    if not there:
        return outcomes, {}
    mine_there = table.columns["user_id"] == target.user_id, tuple_(*columns).in_(there)
    known: dict[int, Any] = {}
    for standing in session.execute(select(table).where(*mine_there)):
        position = first[tuple(standing._mapping[column] for column in columns)].position
        known[position] = standing
        outcomes[position] = _known_as(standing.told_by, target)
    _note(session, target, table, key, there)
    return outcomes, known


def _note(session: Session, target: Target, table: Table, key: tuple[str, ...], there: Iterable[Key]) -> None:
    """These are told by this file, too. What is the listener's own stays their own."""
    told_by, these = table.columns["told_by"], tuple_(*(table.columns[name] for name in key)).in_(list(there))
    session.execute(
        update(table)
        .where(table.columns["user_id"] == target.user_id, these)
        .where(told_by.is_not(None), ~told_by.contains([target.file_id]))
        .values(told_by=func.array_append(told_by, target.file_id))
    )


_USED = {
    "plays": "user_id", "playlists": "user_id", "track_merges": "user_id", "merge_refusals": "user_id",
    "hidden_artists": "user_id", "play_changes": "user_id", "recommendation_feedback": "user_id",
    "track_genres": "user_id", "shares": "user_id", "api_tokens": "user_id", "spotify_links": "user_id",
    "posts": "author_id", "comments": "author_id", "reactions": "user_id", "follows": "follower_id",
    "blocks": "blocker_id",
}  # fmt: skip
_NOTHING_IN = [f"NOT EXISTS (SELECT FROM {table} WHERE {owner} = users.id)" for table, owner in _USED.items()]
_IS_FRESH = text(f"SELECT changed_at IS NULL AND {' AND '.join(_NOTHING_IN)} FROM users WHERE id = :user_id")


def is_fresh(session: Session, user_id: int) -> bool:
    """Whether the account is as the first sign-in made it: nothing played, made, said or set."""
    return bool(session.scalar(_IS_FRESH, {"user_id": user_id}))
