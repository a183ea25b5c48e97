"""Questions about the files and previews that tracks were heard from."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from platform_api.models import Artist, CountedPlay, Play, SoundSource, Track, TrackEmbedding

ASKED_AGAIN_AFTER = timedelta(days=30)


class Unheard(NamedTuple):
    """A track without any sound."""

    id: int
    key: str
    name: str
    artist: str
    isrc: str | None
    duration_ms: int | None


def note(
    session: Session,
    source: str,
    name: str,
    outcome: str,
    *,
    user_id: int | None = None,
    track_id: int | None = None,
    matched_by: str | None = None,
    detail: str | None = None,
    stored_name: str | None = None,
) -> int:
    """What became of a file or preview; told again, it replaces what was known of it. Returns its id."""
    values = {
        "track_id": track_id,
        "matched_by": matched_by,
        "outcome": outcome,
        "detail": detail,
        "stored_name": stored_name,
        "looked_at": func.now(),
    }
    new = insert(SoundSource).values(source=source, name=name, user_id=user_id, **values)
    told = new.on_conflict_do_update(index_elements=["source", "user_id", "name"], set_=values)
    return session.execute(told.returning(SoundSource.id)).scalar_one()


def by_id(session: Session, source_id: int) -> SoundSource | None:
    return session.get(SoundSource, source_id)


def forget_missing_files(session: Session, names: Sequence[str]) -> None:
    """Files that are no longer in the library are no longer told of."""
    # one array: of single values PostgreSQL takes 65,535
    there = func.all_(cast(list(names), ARRAY(Text)))
    gone = select(SoundSource).where(SoundSource.source == "library", SoundSource.name != there)
    for row in session.scalars(gone):
        session.delete(row)


def _visible(user_id: int) -> ColumnElement[bool]:
    return or_(SoundSource.user_id.is_(None), SoundSource.user_id == user_id)


def counts(session: Session, user_id: int) -> list[tuple[str, str, int]]:
    """(source, outcome, how many) of what nobody owns and of the listener's own uploads."""
    counted = (
        select(SoundSource.source, SoundSource.outcome, func.count())
        .where(_visible(user_id))
        .group_by(SoundSource.source, SoundSource.outcome)
        .order_by(SoundSource.source, SoundSource.outcome)
    )
    return [(source, outcome, number) for source, outcome, number in session.execute(counted)]


def told_of(session: Session, user_id: int, source: str | None, outcome: str | None, limit: int) -> list[SoundSource]:
    """The newest first: the listener's own uploads, files of the library that are a track, and previews of tracks that
    the listener has played. What else lies in the library, and what others listen to, is nobody's to read here."""
    played = exists().where(Play.user_id == user_id, Play.track_id == SoundSource.track_id)
    asked: list[ColumnElement[bool]] = [
        or_(
            SoundSource.user_id == user_id,
            and_(SoundSource.source == "library", SoundSource.track_id.is_not(None)),
            and_(SoundSource.source == "deezer", played),
        )
    ]
    if source is not None:
        asked.append(SoundSource.source == source)
    if outcome is not None:
        asked.append(SoundSource.outcome == outcome)
    rows = select(SoundSource).where(and_(*asked)).order_by(SoundSource.looked_at.desc(), SoundSource.id.desc())
    return list(session.scalars(rows.limit(limit)))


def waiting_uploads(session: Session, user_id: int) -> int:
    waiting = select(func.count()).where(SoundSource.user_id == user_id, SoundSource.outcome == "waiting")
    return session.scalar(waiting) or 0


def all_waiting(session: Session) -> dict[int, str | None]:
    """The uploads of everybody that were not heard yet, by id: where each file is kept."""
    waiting = select(SoundSource.id, SoundSource.stored_name).where(SoundSource.outcome == "waiting")
    return dict(session.execute(waiting).all())


def refuse_waiting(session: Session, source_id: int, stored_name: str | None, detail: str) -> None:
    """Says why this very file is not heard, unless it was heard or replaced meanwhile."""
    the_same = SoundSource.stored_name.is_not_distinct_from(stored_name)
    still = update(SoundSource).where(SoundSource.id == source_id, SoundSource.outcome == "waiting", the_same)
    session.execute(still.values(outcome="refused", detail=detail, stored_name=None))


def is_track_unheard(session: Session, model_version: str, now: datetime) -> bool:
    return session.scalar(_unheard(model_version, now).limit(1)) is not None


def unheard_tracks(session: Session, model_version: str, limit: int, now: datetime) -> list[Unheard]:
    """Songs that this version has no sound of and that were not looked for lately, the most listened first. Walks the
    plays of every listener: for a job."""
    heard = select(CountedPlay.track_id, func.count().label("listens")).where(CountedPlay.is_listen)
    by_track = heard.group_by(CountedPlay.track_id).subquery()
    unheard = (
        _unheard(model_version, now)
        .outerjoin(by_track, by_track.c.track_id == Track.id)
        .order_by(func.coalesce(by_track.c.listens, 0).desc(), Track.id)
        .limit(limit)
    )
    return [Unheard(*row) for row in session.execute(unheard)]


def _unheard(model_version: str, now: datetime) -> Select[*tuple[Any, ...]]:
    heard = (
        select(TrackEmbedding.track_id)
        .where(TrackEmbedding.track_id == Track.id, TrackEmbedding.model_version == model_version)
        .exists()
    )
    looked_for = (
        select(SoundSource.id)
        .where(
            SoundSource.source == "deezer",
            SoundSource.name == Track.key,
            SoundSource.outcome != "heard",
            SoundSource.looked_at > now - ASKED_AGAIN_AFTER,
        )
        .exists()
    )
    return (
        select(Track.id, Track.key, Track.name, Artist.name, Track.isrc, Track.duration_ms)
        .join(Artist, Artist.id == Track.artist_id)
        .where(Track.kind == "song", Track.name_key != "", ~heard, ~looked_for)
    )
