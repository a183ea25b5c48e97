"""From a listener and a wish to tracks with reasons."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from platform_api.crud import catalogue
from platform_api.crud import recommendations as crud
from platform_api.crud import told as may_be_told
from platform_api.crud.recommendations import PlayFact
from platform_api.models import User
from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.recommendations import (
    HiddenTracks,
    HiddenTrackShown,
    LovedTrack,
    LovedTracks,
    Recommendation,
    Recommendations,
    Wish,
)
from platform_api.services.analytics.history import history_of
from platform_api.services.inference.client import InferenceClient
from platform_api.services.inference.errors import ModelUnavailable
from platform_api.services.recommendations import fallback, wire
from platform_api.services.recommendations.lately import Lately
from platform_api.services.recommendations.loving import OF_WHAT_IS_KNOWN, Chosen, lifted, wider
from platform_api.services.recommendations.reasons import Facts, Ground, in_words
from platform_api.services.recommendations.silence import best, silent_favourites
from platform_api.services.sound.references import track_refs
from platform_api.utils.cache import Cache

YEAR = timedelta(days=365)


def recommend(
    session: Session, cache: Cache, inference: InferenceClient, user: User, *, wish: Wish, limit: int, now: datetime
) -> Recommendations:
    """Suggested tracks. A model's answer is kept for the hour; a fallback is never kept."""
    hidden = crud.hidden_tracks(session, user.id)
    loved = {track_id for track_id, _ in crud.loved_tracks(session, user.id)}
    lift = loved if wish in OF_WHAT_IS_KNOWN else set()
    many = wider(limit, lift)
    asked = {
        "wish": wish,
        "limit": limit,
        "version": inference.current_version(wire.MODEL),
        "hidden": sorted(hidden),
        "hour": now.replace(minute=0, second=0, microsecond=0).isoformat(),
    }

    def ask() -> Recommendations:
        # The model hears of recent plays only; what was heard long ago is not a discovery either.
        heard = history_of(session, user).track_ids.tolist() if wish == "discover" else []
        exclude = sorted({*hidden.values(), *crud.recordings_like(session, heard)})
        chosen, model = _ask_the_model(
            session, inference, user, wish=wish, limit=many, now=now, exclude=exclude, hidden=hidden
        )
        return _told(session, user, wish, lifted(chosen, lift, limit), model, now)

    try:
        answer = Recommendations.model_validate(cache.cached(user, "recommendations", asked, ask))
    except ModelUnavailable as error:
        chosen = lifted(fallback.suggest(session, user, wish, hidden, loved, many), lift, limit)
        model = ModelInfo(name=fallback.NAME, version="", is_fallback=True, detail=error.detail)
        answer = _told(session, user, wish, chosen, model, now)
    for item in answer.items:  # what was kept may be older than the last word about it
        item.loved = item.track.id in loved
        if not item.loved:
            item.reasons = [reason for reason in item.reasons if reason.kind != "loved"]
    return answer


def loved_by(session: Session, user: User) -> LovedTracks:
    """Without what is left out of everything."""
    hidden = crud.hidden_tracks(session, user.id)
    said = [(track_id, at) for track_id, at in crud.loved_tracks(session, user.id) if track_id not in hidden]
    refs = track_refs(session, [track_id for track_id, _ in said])
    return LovedTracks(items=[LovedTrack(track=refs[track_id], loved_at=at) for track_id, at in said])


def never_again(session: Session, user: User) -> HiddenTracks:
    said = crud.tracks_hidden(session, user.id)
    refs = track_refs(session, [track_id for track_id, _ in said])
    return HiddenTracks(items=[HiddenTrackShown(track=refs[track_id], hidden_at=at) for track_id, at in said])


def _ask_the_model(
    session: Session,
    inference: InferenceClient,
    user: User,
    *,
    wish: Wish,
    limit: int,
    now: datetime,
    exclude: Sequence[str],
    hidden: Collection[int],
) -> tuple[Chosen, ModelInfo]:
    def body() -> bytes:
        plays = plays_told(session, user, wish, hidden)
        return wire.request_body(plays, now=now, time_zone=user.time_zone, wish=wish, limit=limit, exclude=exclude)

    def known(keys: set[str]) -> set[str]:
        return set(catalogue.tracks_by_key(session, keys))

    answered = inference.ask(wire.MODEL, body, wire.Ranking, check=wire.plausible(limit, exclude, known))
    ids = {key: track.id for key, track in catalogue.tracks_by_key(session, answered.answer.keys()).items()}
    chosen = [
        (
            ids[track.track],
            track.score,
            [Ground(reason.kind, [ids[key] for key in reason.evidence]) for reason in track.reasons],
        )
        for track in answered.answer.tracks
    ]
    return chosen, answered.model


def plays_told(session: Session, user: User, wish: Wish, hidden: Collection[int]) -> list[PlayFact]:
    """The latest plays; to rediscover, before them those of what was loved once and fell silent: of somebody who plays
    a lot, nothing in the latest ones has been silent for long."""
    latest = crud.recent_song_plays(session, user.id, wire.MAX_PLAYS)
    if wish != "rediscover" or len(latest) < wire.MAX_PLAYS:
        return latest
    songs = history_of(session, user).songs
    until = crud.last_day(session, user.id) or date(1970, 1, 1)
    silent = silent_favourites(songs, until, days=wire.SILENT_DAYS, listens=wire.SILENT_LISTENS)
    loved = [track_id for track_id, _ in best(songs, silent, hidden, wire.SILENT_TRACKS)]
    before = latest[0].started_at
    return [*crud.plays_of_songs(session, user.id, loved, wire.PLAYS_OF_SILENT, before=before), *latest]


def _told(session: Session, user: User, wish: Wish, chosen: Chosen, model: ModelInfo, now: datetime) -> Recommendations:
    """Names, counts and sentences for what was chosen; kept as shown. A model may know a track that one person alone
    plays: it is left out."""
    mentioned = {track_id for track_id, _, grounds in chosen for track_id in [track_id, *_evidence(grounds)]}
    refs = track_refs(session, may_be_told.tracks(session, user.id, mentioned))
    popular = {track_id for track_id, _, grounds in chosen if any(each.kind == "popular" for each in grounds)}
    facts = Facts(
        refs=refs,
        counts=crud.counted_plays(session, user.id, mentioned),
        lately=Lately(session, user, now),
        listeners=crud.other_listeners(session, user.id, popular, now - YEAR) if popular else {},
    )
    items: list[Recommendation] = []
    named: set[tuple[int, str]] = set()
    for track_id, score, grounds in chosen:
        if track_id not in refs:
            continue
        recording = (refs[track_id].artist.id, refs[track_id].name.casefold())
        if recording in named:  # the single and the album version have a track each
            continue
        named.add(recording)
        reasons = [in_words(ground, track_id, facts) for ground in grounds]
        told = [reason for reason in reasons if reason is not None]
        items.append(Recommendation(rank=len(items) + 1, track=refs[track_id], score=score, reasons=told))
    crud.remember_shown(
        session,
        [
            {
                "user_id": user.id,
                "track_id": item.track.id,
                "wish": wish,
                "rank": item.rank,
                "model": model.name,
                "model_version": model.version,
                "reasons": [{"kind": reason.kind, "text": reason.text} for reason in item.reasons],
            }
            for item in items
        ],
    )
    return Recommendations(model=model, wish=wish, items=items)


def _evidence(grounds: Sequence[Ground]) -> list[int]:
    return [track_id for ground in grounds for track_id in ground.evidence]
