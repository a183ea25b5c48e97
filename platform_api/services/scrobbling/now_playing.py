"""What is playing right now. It lives in Redis alone and is gone when Redis is: nothing is lost but an ornament."""

from datetime import datetime, timedelta
from uuid import UUID

import orjson

from platform_api.schemas.tokens import PlayingNow
from platform_api.services.importing.scrobbles import judge_listen, length_of_track
from platform_api.services.importing.verdicts import PlayFacts
from platform_api.services.scrobbling.wire import Listen, timestamp
from platform_api.utils.cache import Cache

UNKNOWN_LENGTH = timedelta(minutes=10)
"""As ListenBrainz does."""
LONGEST_SHOWN = timedelta(hours=2)


def tell(cache: Cache, ml_key: UUID, listen: Listen, now: datetime) -> None:
    """Kept until the track should be over, however much of it was played when this was told."""
    facts = judge_listen({**listen, "listened_at": timestamp(now)}, now)
    if not isinstance(facts, PlayFacts):
        return
    told = length_of_track(listen["track_metadata"].get("additional_info") or {})
    length = UNKNOWN_LENGTH if told is None else timedelta(milliseconds=told)
    playing = {
        "title": facts.item.title,
        "artist": facts.item.artist or "Unknown artist",
        "album": facts.item.album,
        "player": facts.circumstances.platform,
    }
    lasts_s = max(1, int(min(length, LONGEST_SHOWN).total_seconds()))
    cache.keep(_key(ml_key), orjson.dumps(playing), lasts_s)


def of(cache: Cache, ml_key: UUID) -> PlayingNow | None:
    kept = cache.kept(_key(ml_key))
    return PlayingNow.model_validate_json(kept) if kept else None


def _key(ml_key: UUID) -> str:
    # below the listener's own prefix, so that the end of the account takes it along (utils/cache: forget)
    return f"tonearm:{ml_key}:now-playing"
