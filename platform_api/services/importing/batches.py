"""From rows of a file to prepared batches, and from a batch to plays and ledger in one transaction."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from platform_api.crud import captured, catalogue, grooves, imports, incoming, users
from platform_api.crud.catalogue import KnownTrack
from platform_api.crud.incoming_rows import IncomingPlay, packed
from platform_api.crud.standing import Wanted, standing_plays
from platform_api.models.listening import MINUTE_S
from platform_api.services.importing.formats import HistoryFormat
from platform_api.services.importing.identity import catalogue_entry
from platform_api.services.importing.layouts import read_rows
from platform_api.services.importing.rejects import REJECTS_KEPT, Reject, play_detail, row_detail
from platform_api.services.importing.verdicts import Item, PlayFacts, Verdict, judge

BATCH_ROWS = 25_000
FEW_ROWS = 1_000
"""What arrives in so small pieces touches few months, and nothing may come after it for long."""


@dataclass
class Verdicts:
    """What became of consecutive rows of one file, as far as it is known."""

    rows: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)

    def reject(self, position: int, verdict: str, reason: str, detail: Callable[[], dict[str, Any]]) -> None:
        self.counts[verdict, reason] += 1
        if self.counts[verdict, reason] <= REJECTS_KEPT:
            self.rejects.append(Reject(position, verdict, reason, detail()))


@dataclass
class PreparedBatch(Verdicts):
    """Rows of plays; duplicates among them are not known yet."""

    plays: list[tuple[int, PlayFacts]] = field(default_factory=list)

    def take(self, position: int, row: object, verdict: Verdict) -> None:
        self.rows += 1
        if isinstance(verdict, PlayFacts):
            self.plays.append((position, verdict))
        else:
            kind = type(verdict).__name__.lower()
            self.reject(position, kind, verdict.reason, partial(row_detail, row))

    def reject_plays(
        self, verdict: str, reasons: Mapping[int, str], standing: Mapping[int, dict[str, Any]] | None = None
    ) -> None:
        """Rows that are plays and were not taken, by position. `standing` says which play stands for a row."""
        if reasons:
            facts = dict(self.plays)
            for position, reason in sorted(reasons.items()):
                told = partial(play_detail, facts[position], (standing or {}).get(position))
                self.reject(position, verdict, reason, told)

    def keep_first_accepted(self, refused: Container[int]) -> None:
        accepted = (told for told in self.plays if told[0] not in refused)
        for position, play in islice(accepted, REJECTS_KEPT):
            self.rejects.append(Reject(position, "accepted", "new", play_detail(play)))


def prepare(
    stream: BinaryIO, history_format: HistoryFormat, now: datetime, skip_rows: int, batch_rows: int = BATCH_ROWS
) -> Iterator[PreparedBatch]:
    """Batches of `batch_rows` rows after the first `skip_rows`. The borders depend on nothing else, so an import that
    was interrupted cuts its batches where an uninterrupted one does. Raises NotAListOfRows and what `stream` raises.
    """
    position = 0
    batch = PreparedBatch()
    for piece in read_rows(stream):
        for row in piece:
            position += 1
            if position <= skip_rows:
                continue
            batch.take(position, row, judge(row, history_format.judge, now))
            if batch.rows == batch_rows:
                yield batch
                batch = PreparedBatch()
    if batch.rows:
        yield batch


def judged(rows: Iterable[object], history_format: HistoryFormat, now: datetime, position: int = 0) -> PreparedBatch:
    """Rows that did not come as a file, in one batch; the first one stands behind `position`."""
    batch = PreparedBatch()
    for at, row in enumerate(rows, position + 1):
        batch.take(at, row, judge(row, history_format.judge, now))
    return batch


class Catalogue:
    """Track ids of what an import has met so far. New tracks are added in a transaction of their own, before the batch:
    the catalogue is shared, and nobody should wait for somebody else's batch to end.
    """

    def __init__(self) -> None:
        self._known: dict[Item, KnownTrack] = {}

    def learn(self, session: Session, plays: Iterable[tuple[int, PlayFacts]]) -> list[int]:
        """Looks up the items not met before. Returns ids of old tracks that got their name now."""
        return self.learn_items(session, (play.item for _, play in plays))

    def learn_items(self, session: Session, items: Iterable[Item]) -> list[int]:
        entries = {item: catalogue_entry(item) for item in items if item not in self._known}
        if not entries:
            return []
        named = catalogue.add_missing_tracks(session, list(entries.values()))
        tracks = catalogue.tracks_by_key(session, {entry.key for entry in entries.values()})
        self._known.update({item: tracks[entry.key] for item, entry in entries.items()})
        return named

    def track_of(self, item: Item) -> KnownTrack:
        return self._known[item]


@dataclass(frozen=True)
class LaidOut:
    """A batch whose tracks are known, packed for the database."""

    batch: PreparedBatch
    layers: list[list[bytes]]
    """No layer names a track and an end twice. Rows that tell the same play differently go into a later layer, where
    the database decides as it does between imports."""
    repeated: dict[int, str]
    """Equal rows are duplicates at once: position → reason."""


def lay_out(batch: PreparedBatch, known: Catalogue) -> LaidOut:
    layers: list[dict[tuple[int, datetime], IncomingPlay]] = [{}]
    repeated: dict[int, str] = {}
    track_of = known.track_of
    for position, (item, ended_at, started_at, ms_played, precision_s, offline_timestamp, told) in batch.plays:
        track_id, kind = track_of(item)
        facts = (position, track_id, ended_at, started_at, ms_played, precision_s, offline_timestamp, kind, told)
        play = IncomingPlay._make(facts)
        for layer in layers:
            first = layer.setdefault((track_id, ended_at), play)
            if first is play:
                break
            if first[1:] == play[1:]:
                repeated[position] = "repeated_in_file"
                break
        else:
            layers.append({(track_id, ended_at): play})
    return LaidOut(batch, [list(packed(layer.values())) for layer in layers if layer], repeated)


@dataclass(frozen=True)
class Target:
    """Whose plays, and from which file."""

    user_id: int
    file_id: int
    source: str


def write(session: Session, laid_out: LaidOut, target: Target, known: Catalogue) -> None:
    """Writes a batch: plays, counts, first rejects, cursor and data version. `hold_history` is held."""
    batch = laid_out.batch
    may_replace_coarse = imports.has_coarse_files(session, target.user_id)
    keep_retold = not imports.has_twin(session, target.file_id)
    has_coarse = any(play.precision_s == MINUTE_S for _, play in batch.plays)
    are_captured = target.source == captured.SOURCE
    duplicates = dict(laid_out.repeated)
    deleted: dict[int, str] = {}
    for layer in laid_out.layers:
        incoming.copy_incoming(
            session, layer, user_id=target.user_id, source=target.source, import_file_id=target.file_id
        )
        merged = incoming.merge_incoming(
            session,
            target.user_id,
            has_coarse=has_coarse,
            may_replace_coarse=may_replace_coarse,
            are_captured=are_captured,
            keep_retold=keep_retold,
        )
        duplicates.update(merged.duplicates)
        deleted.update(dict.fromkeys(merged.deleted, "deleted_by_you"))
    if are_captured and batch.plays:
        captured.estimate(session, target.user_id, min(play.ended_at for _, play in batch.plays))
    batch.reject_plays("duplicate", duplicates, _standing(session, batch, target, known, duplicates))
    batch.reject_plays("skipped", deleted)
    batch.keep_first_accepted(duplicates.keys() | deleted.keys())
    accepted = len(batch.plays) - len(duplicates) - len(deleted)
    imports.record_batch(session, target.file_id, batch.rows, accepted, batch.counts)
    imports.keep_first_rejects(session, target.file_id, batch.rejects, REJECTS_KEPT)
    if batch.rows <= FEW_ROWS:
        grooves.refresh(session, target.user_id)
    users.bump_data_version(session, target.user_id)


def _standing(
    session: Session, batch: PreparedBatch, target: Target, known: Catalogue, duplicates: Mapping[int, str]
) -> dict[int, dict[str, Any]]:
    """The plays that stand for the first duplicates of each reason: no more rows are kept for reading."""
    seen: Counter[str] = Counter()
    wanted: list[Wanted] = []
    for position, play in batch.plays:
        reason = duplicates.get(position)
        if reason is None or seen[reason] == REJECTS_KEPT:
            continue
        seen[reason] += 1
        wanted.append(Wanted(position, known.track_of(play.item).id, play.ended_at, reason == "adds_detail"))
    return standing_plays(session, target.user_id, wanted)
