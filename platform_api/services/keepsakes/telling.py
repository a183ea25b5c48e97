"""What a listener made and said, as lines of an export: the rows that `rows.py` reads back."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeVar

import orjson
from sqlalchemy.orm import Session

from platform_api.crud import keepsakes
from platform_api.crud.keepsakes import NamedTrack
from platform_api.models import User
from platform_api.services.export.plays import own_row
from platform_api.services.keepsakes.formats import KEEPSAKES
from platform_api.services.keepsakes.rows import CONSENTS, MOST_PLAYS_OF_A_ROW

Row = dict[str, Any]
T = TypeVar("T")
ROWS_AT_ONCE = 200


def files(session: Session, user: User) -> Iterator[tuple[str, Iterator[bytes]]]:
    """(file name, its lines) of each kind of which there is something."""
    for kept in KEEPSAKES:
        rows = _TELL[kept.kind](session, user)
        first = next(rows, None)
        if first is not None:
            yield f"{kept.file_name}.jsonl", _lines(kept.kind, chain([first], rows))


def _lines(kind: str, rows: Iterable[Row]) -> Iterator[bytes]:
    for row in rows:
        yield orjson.dumps({"tonearm": kind, **row}, option=orjson.OPT_APPEND_NEWLINE)


def _settings(_session: Session, user: User) -> Iterator[Row]:
    for name in ("display_name", "time_zone", *CONSENTS):
        yield {"name": name, "value": getattr(user, name)}


def _merges(session: Session, user: User) -> Iterator[Row]:
    for merge, tracks in _named(session, keepsakes.merges(session, user.id), lambda m: [m.track_id, m.merged_into]):
        names = {"track": tracks[merge.track_id], "counts_as": tracks[merge.merged_into]}
        yield {**names, "why": merge.why, "merged_at": merge.merged_at}


def _refusals(session: Session, user: User) -> Iterator[Row]:
    for said, tracks in _named(session, keepsakes.refusals(session, user.id), lambda r: [r.track_id, r.other_id]):
        yield {"track": tracks[said.track_id], "other": tracks[said.other_id], "refused_at": said.refused_at}


def _hidden_artists(session: Session, user: User) -> Iterator[Row]:
    for hidden in keepsakes.hidden_artists(session, user.id):
        yield hidden._asdict()


def _feedback(session: Session, user: User) -> Iterator[Row]:
    for said, tracks in _named(session, keepsakes.feedback(session, user.id), lambda f: [f.track_id]):
        yield {"track": tracks[said.track_id], "verdict": said.verdict, "given_at": said.given_at}


def _genres(session: Session, user: User) -> Iterator[Row]:
    for said, tracks in _named(session, keepsakes.genres(session, user.id), lambda g: [g.track_id]):
        yield {"track": tracks[said.track_id], "genre": said.genre}


def _playlists(session: Session, user: User) -> Iterator[Row]:
    for playlist, tracks in _named(session, keepsakes.playlists(session, user.id), lambda p: p.track_ids):
        yield {
            "name": playlist.name,
            "description": playlist.description,
            "created_at": playlist.created_at,
            "tracks": [tracks[track_id] for track_id in playlist.track_ids],
        }


def _changes(session: Session, user: User) -> Iterator[Row]:
    found = keepsakes.changes(session, user.id)
    for change, tracks in _named(session, found, lambda c: [c.track_id] if c.track_id is not None else []):
        row: Row = {"what": change.kind, "plays": change.plays, "made_at": change.made_at}
        if change.track_id is not None:
            row["brought"] = {"track": tracks[change.track_id], "ended_at": change.ended_at}
        deleted = keepsakes.deleted_plays(session, user.id, change.id)
        told = ({**own_row(each.play), **({"stands": True} if each.stands else {})} for each in deleted)
        yield {**row, "deleted": list(islice(told, MOST_PLAYS_OF_A_ROW))}
        while more := list(islice(told, MOST_PLAYS_OF_A_ROW)):
            yield {**row, "deleted": more}


_TELL: dict[str, Callable[[Session, User], Iterator[Row]]] = {
    "setting": _settings,
    "merge": _merges,
    "refusal": _refusals,
    "hidden_artist": _hidden_artists,
    "feedback": _feedback,
    "genre": _genres,
    "playlist": _playlists,
    "change": _changes,
}


def _named(
    session: Session, found: Iterable[T], tracks_of: Callable[[T], list[int]]
) -> Iterator[tuple[T, dict[int, Row]]]:
    """Each with the names of its tracks."""
    waiting = iter(found)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        names = keepsakes.named_tracks(session, {id_ for each in some for id_ in tracks_of(each)})
        told = {id_: _told(track) for id_, track in names.items()}
        yield from ((each, told) for each in some)


def _told(track: NamedTrack) -> Row:
    """As an export names a track: reading it finds the same one (`services/export/plays.py`)."""
    return {
        "kind": track.kind,
        "uri": None if track.key.startswith("name:") else track.key,
        "title": track.title if track.title_key else None,
        "artist": track.artist,
        "album": track.album,
    }
