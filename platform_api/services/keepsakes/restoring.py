"""From lines of an export's folder `yours` to what they tell, in batches that know where to go on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, TypeAlias

from sqlalchemy.orm import Session

from platform_api.crud import catalogue, grooves, imports, restored_changes, restoring, users
from platform_api.crud.restored_changes import RestoredChange, RestoredDeletion
from platform_api.crud.restoring import Outcomes, Restored, RestoredMerge, RestoredPlaylist, Target
from platform_api.models import User
from platform_api.services.importing import batches
from platform_api.services.importing.batches import Verdicts
from platform_api.services.importing.layouts import as_text
from platform_api.services.importing.lines import read_json_lines
from platform_api.services.importing.rejects import REJECTS_KEPT, Reject
from platform_api.services.importing.verdicts import Broken, Item, Skipped
from platform_api.services.keepsakes import rows
from platform_api.services.keepsakes.formats import KeepsakeFormat
from platform_api.services.keepsakes.rows import Kept
from platform_api.services.playlists import MOST_PLAYLISTS
from platform_api.utils.text import name_key

BATCH_WEIGHT = 4_000
"""Rows and the tracks that they name: of one batch, and so of one transaction."""


@dataclass
class KeptBatch(Verdicts):
    """Consecutive rows of one file; what of them is there already is not known yet."""

    kept: list[tuple[int, Kept]] = field(default_factory=list)
    weight: int = 0

    def take(self, position: int, verdict: Kept | Skipped | Broken) -> None:
        self.rows += 1
        self.weight += 1
        if isinstance(verdict, Skipped | Broken):
            self.reject(position, type(verdict).__name__.lower(), verdict.reason, dict)
        else:
            self.kept.append((position, verdict))
            self.weight += len(verdict.items())


def prepare(stream: BinaryIO, kept: KeepsakeFormat, now: datetime, skip_rows: int) -> Iterator[KeptBatch]:
    """Batches after the first `skip_rows`. Their borders follow from the rows alone, so an import that was interrupted
    cuts them where an uninterrupted one does. Raises what `stream` raises.
    """
    position = 0
    batch = KeptBatch()
    for piece in read_json_lines(as_text(stream)):
        for row in piece:
            position += 1
            if position <= skip_rows:
                continue
            batch.take(position, rows.judged(row, kept.judge, now))
            if batch.weight >= BATCH_WEIGHT:
                yield batch
                batch = KeptBatch()
    if batch.rows:
        yield batch


class Catalogue:
    """The ids of the music that a batch names."""

    def __init__(self, tracks: batches.Catalogue) -> None:
        self.tracks = tracks
        self.artists: dict[str, int] = {}

    def learn(self, session: Session, batch: KeptBatch) -> list[int]:
        """Adds what is missing, in a transaction of its own. Returns ids of old tracks that got their name now."""
        artists = {kept.key: kept.name for _, kept in batch.kept if isinstance(kept, rows.HiddenArtist)}
        self.artists |= catalogue.artists_by_key(session, artists)
        return self.tracks.learn_items(session, (item for _, kept in batch.kept for item in kept.items()))

    def id_of(self, item: Item) -> int:
        return self.tracks.track_of(item).id


def write(session: Session, batch: KeptBatch, target: Target, known: Catalogue) -> None:
    """Writes a batch: what it tells, counts, first rows to read, cursor and data version. `hold_history` is held."""
    outcomes: Outcomes = {}
    if batch.kept:
        of_kind = type(batch.kept[0][1])
        assert all(isinstance(kept, of_kind) for _, kept in batch.kept), "a file holds rows of one kind"
        outcomes = _WRITE[of_kind](session, target, batch.kept, known)
    accepted = 0
    for position, kept in batch.kept:
        if position in outcomes:
            batch.reject(position, *outcomes[position], kept.detail)
        else:
            accepted += 1
            if accepted <= REJECTS_KEPT:
                batch.rejects.append(Reject(position, "accepted", "new", kept.detail()))
    imports.record_batch(session, target.file_id, batch.rows, accepted, batch.counts)
    imports.keep_first_rejects(session, target.file_id, batch.rejects, REJECTS_KEPT)
    grooves.refresh(session, target.user_id)
    users.bump_data_version(session, target.user_id)


Rows: TypeAlias = Sequence[tuple[int, Any]]


def _settings(session: Session, target: Target, kept: Rows, _known: Catalogue) -> Outcomes:
    """Only an account that nobody has used yet is filled, and only ever with less consent than it has."""
    outcomes: Outcomes = {}
    user = session.get_one(User, target.user_id, populate_existing=True)
    is_fresh = restoring.is_fresh(session, target.user_id)
    before: dict[str, list[Any]] = {}
    for position, setting in kept:
        there = getattr(user, setting.name)
        if setting.name in before:
            outcomes[position] = restoring.REPEATED
        elif there == setting.value:
            outcomes[position] = restoring.ALREADY
        elif setting.name in rows.CONSENTS and setting.value:
            outcomes[position] = ("skipped", "never_allowed_for_you")
        elif not is_fresh:
            outcomes[position] = ("skipped", "account_in_use")
        else:
            before[setting.name] = [there, setting.value]
            setattr(user, setting.name, setting.value)
    imports.note_settings(session, target.file_id, before)
    return outcomes


def _merges(session: Session, target: Target, kept: Rows, known: Catalogue) -> Outcomes:
    told = [
        RestoredMerge(position, known.id_of(merge.track), known.id_of(merge.counts_as), merge.why, merge.merged_at)
        for position, merge in kept
    ]
    return restoring.add_merges(session, target, told)


def _refusals(session: Session, target: Target, kept: Rows, known: Catalogue) -> Outcomes:
    told = []
    for position, said in kept:
        one, other = sorted((known.id_of(said.track), known.id_of(said.other)))
        told.append(Restored(position, {"track_id": one, "other_id": other, "refused_at": said.refused_at}))
    return restoring.add_refusals(session, target, told)


def _hidden_artists(session: Session, target: Target, kept: Rows, known: Catalogue) -> Outcomes:
    told = [
        Restored(position, {"artist_id": known.artists[hidden.key], "hidden_at": hidden.hidden_at})
        for position, hidden in kept
    ]
    return restoring.hide_artists(session, target, told)


def _feedback(session: Session, target: Target, kept: Rows, known: Catalogue) -> Outcomes:
    told = [
        Restored(position, {"track_id": known.id_of(s.track), "verdict": s.verdict, "given_at": s.given_at})
        for position, s in kept
    ]
    return restoring.add_feedback(session, target, told)


def _genres(session: Session, target: Target, kept: Rows, known: Catalogue) -> Outcomes:
    told = [
        Restored(position, {"track_id": known.id_of(s.track), "genre": s.genre, "genre_key": name_key(s.genre)})
        for position, s in kept
    ]
    return restoring.add_genres(session, target, told)


def _playlists(session: Session, target: Target, kept: Rows, known: Catalogue) -> Outcomes:
    told = [
        RestoredPlaylist(position, each.name, each.description, each.created_at, list(map(known.id_of, each.tracks)))
        for position, each in kept
    ]
    return restoring.add_playlists(session, target, told, MOST_PLAYLISTS)


def _changes(session: Session, target: Target, kept: Rows, known: Catalogue) -> Outcomes:
    told = []
    for position, each in kept:
        brought = (known.id_of(each.brought[0]), each.brought[1]) if each.brought else None
        deleted = [_deletion(target, play, known.id_of(play.facts.item)) for play in each.deleted]
        told.append(RestoredChange(position, each.what, each.plays, each.made_at, brought, deleted))
    return restored_changes.add_changes(session, target, told)


def _deletion(target: Target, deleted: rows.DeletedPlay, track_id: int) -> RestoredDeletion:
    item, ended_at, started_at, ms_played, precision_s, offline_timestamp, told = deleted.facts
    play = {
        "user_id": target.user_id,
        "track_id": track_id,
        "ended_at": ended_at,
        "started_at": started_at,
        "ms_played": ms_played,
        "kind": item.kind,
        "source": deleted.source,
        "precision_s": precision_s,
        "offline_timestamp": offline_timestamp,
        "import_file_id": target.file_id,
        **told._asdict(),
    }
    return RestoredDeletion((track_id, ended_at), play, deleted.stands)


_WRITE: dict[type, Callable[[Session, Target, Rows, Catalogue], Outcomes]] = {
    rows.Setting: _settings,
    rows.Merge: _merges,
    rows.Refusal: _refusals,
    rows.HiddenArtist: _hidden_artists,
    rows.Feedback: _feedback,
    rows.Genre: _genres,
    rows.Playlist: _playlists,
    rows.Change: _changes,
}
