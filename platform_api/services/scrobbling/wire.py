"""ListenBrainz's wire format: the limits and rules that its API documents, and the words in which it refuses.

https://listenbrainz.readthedocs.io/en/latest/users/api/core.html and …/json.html. Clients were written against these
answers, so they are kept, with one exception: an empty album is no album. ListenBrainz refuses it, and mopidy sends it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple, TypeAlias, cast
from uuid import UUID

import orjson

from platform_api.core.errors import AppError
from platform_api.services.importing.scrobbles import CLOCK_SKEW, SCROBBLING_BEGAN, second

Listen: TypeAlias = dict[str, Any]
ListenType = Literal["single", "import", "playing_now"]

MOST_LISTENS = 1000
LARGEST_LISTEN = 10_240
LARGEST_BODY = MOST_LISTENS * LARGEST_LISTEN
MOST_TAGS, LONGEST_TAG = 50, 64
LONGEST_TRACK = timedelta(days=24)
DEEPEST = 8
MBIDS = ("release_mbid", "recording_mbid", "release_group_mbid", "track_mbid")
LISTS_OF_MBIDS = ("artist_mbids", "work_mbids")


class BadListen(AppError):
    status = 400
    title = "Bad request"


class Submission(NamedTuple):
    listen_type: ListenType
    listens: list[Listen]


def read_submission(body: bytes, now: datetime) -> Submission:
    """Raises BadListen. One bad listen refuses the whole, as ListenBrainz does: a client sends it again, corrected."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadListen(f"Cannot parse JSON document: {error}") from error
    if not isinstance(document, dict):
        raise BadListen("Invalid JSON document submitted. Top level of JSON document should be a json object.")
    listen_type, payload = document.get("listen_type"), document.get("payload")
    if "listen_type" not in document or "payload" not in document:
        raise BadListen("Invalid JSON document submitted.")
    if not isinstance(payload, list):
        raise BadListen("The payload in the JSON document should be a list of listens.")
    if not payload:
        raise BadListen("JSON document does not contain any listens")
    if len(payload) > MOST_LISTENS:
        raise BadListen(f"Too many listens. You may not submit more than {MOST_LISTENS} listens at once.")
    if len(body) > len(payload) * LARGEST_LISTEN:
        raise BadListen(f"JSON document is too large. Each listens may not be larger than {LARGEST_LISTEN} bytes.")
    if listen_type not in ("single", "import", "playing_now"):
        raise BadListen("JSON document requires a valid listen_type key.")
    if listen_type != "import" and len(payload) > 1:
        raise BadListen("JSON document contains more than listen for a single/playing_now. It should contain only one.")
    return Submission(
        cast(ListenType, listen_type), [_checked(listen, listen_type == "playing_now", now) for listen in payload]
    )


def _checked(listen: object, is_playing_now: bool, now: datetime) -> Listen:
    if not isinstance(listen, dict) or not listen:
        raise BadListen("Listen is empty and cannot be validated.")
    if is_playing_now and "listened_at" in listen:
        raise BadListen("JSON document must not contain listened_at while submitting playing_now.")
    if not is_playing_now:
        _check_moment(listen, now)
    told = listen.get("track_metadata")
    if "track_metadata" not in listen:
        raise BadListen("JSON document must contain the key track_metadata at the top level.")
    if not isinstance(told, dict):
        raise BadListen("JSON document may not have track_metadata with null value.")
    if len(listen) > (1 if is_playing_now else 2):
        allowed = "track_metadata as top level key when submitting playing_now." if is_playing_now else (
            "listened_at and track_metadata top level keys"
        )  # fmt: skip
        raise BadListen(f"JSON document may only contain {allowed}")
    for key in ("track_name", "artist_name", "release_name"):
        _check_name(told, key, required=key != "release_name")
    more = told.get("additional_info")
    if more is not None:
        if not isinstance(more, dict):
            raise BadListen("track_metadata.additional_info must be a json object.")
        _check_more(more)
    if any("\0" in text for text in _texts(listen, DEEPEST)):
        raise BadListen("JSON document contains a unicode null.")
    return listen


def _check_moment(listen: Listen, now: datetime) -> None:
    if "listened_at" not in listen:
        raise BadListen("JSON document must contain the key listened_at at the top level.")
    told = listen["listened_at"]
    moment = second(told)
    if moment is None:
        is_number = isinstance(told, int | float) and not isinstance(told, bool)
        if is_number and told > 0:
            raise BadListen("Value for key listened_at is too high.")
        raise BadListen("JSON document must contain an int value for listened_at.")
    if moment >= now + CLOCK_SKEW:
        raise BadListen("Value for key listened_at is too high.")
    if moment < SCROBBLING_BEGAN:
        raise BadListen(
            "Value for key listened_at is too low. listened_at timestamp should be greater than"
            f" {int(SCROBBLING_BEGAN.timestamp())} ({SCROBBLING_BEGAN:%Y-%m-%d %H:%M:%S} UTC)."
        )


def _check_name(told: Listen, key: str, *, required: bool) -> None:
    if told.get(key) is None:
        if required:
            raise BadListen(f"JSON document does not contain required field track_metadata.{key}.")
        told.pop(key, None)
        return
    if not isinstance(told[key], str):
        raise BadListen(f"track_metadata.{key} must be a single string.")
    told[key] = told[key].strip()
    if required and not told[key]:
        raise BadListen(f"field track_metadata.{key} is empty.")


def _check_more(more: Listen) -> None:
    tags = more.get("tags") or []
    if not isinstance(tags, list) or len(tags) > MOST_TAGS:
        raise BadListen(
            f"JSON document may not contain more than {MOST_TAGS} items in track_metadata.additional_info.tags."
        )
    if any(len(str(tag)) > LONGEST_TAG for tag in tags):
        raise BadListen(
            f"JSON document may not contain track_metadata.additional_info.tags longer than {LONGEST_TAG} characters."
        )
    if "duration" in more and "duration_ms" in more:
        raise BadListen("JSON document should not contain both duration and duration_ms.")
    for key, factor in (("duration", 1), ("duration_ms", 1000)):
        if key in more:
            _check_length(key, more[key], int(LONGEST_TRACK.total_seconds()) * factor)
    for key in MBIDS:
        if more.get(key) and not _is_mbid(more[key]):
            raise BadListen(f"{key} MBID format invalid.")
    for key in LISTS_OF_MBIDS:
        several = more.get(key) or []
        if not isinstance(several, list) or not all(_is_mbid(mbid) for mbid in several if mbid):
            raise BadListen(f"{key} MBID format invalid.")


def _check_length(key: str, told: object, longest: int) -> None:
    try:
        length = int(told) if isinstance(told, int | float | str) else 0
    except (ValueError, OverflowError):
        length = 0
    if length <= 0:
        raise BadListen(f"Value for {key} is invalid, should be a positive integer.")
    if length > longest:
        raise BadListen(f"Value for {key} is too large, max permitted value is {longest}")


def _is_mbid(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def _texts(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        if depth == 0:
            raise BadListen("JSON document is nested too deeply.")
        inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        for each in inner:
            yield from _texts(each, depth - 1)


def timestamp(moment: datetime) -> int:
    """Whole seconds since 1970."""
    return int(moment.astimezone(UTC).timestamp())
