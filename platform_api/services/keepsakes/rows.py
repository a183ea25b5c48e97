"""What becomes of one row of an export's folder `yours`. Pure: nothing but the row and the time.

Music is named, never numbered: ids mean nothing in another Tonearm. No row says whose it is, so whatever it brings
becomes the importing listener's own.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from pydantic import TypeAdapter, ValidationError

from platform_api.models.listening import EARLIEST_PLAY
from platform_api.schemas.playlists import MOST_TRACKS
from platform_api.schemas.text import Name, ShortText
from platform_api.schemas.users import TimeZone
from platform_api.services.importing.identity import ARTIST_KINDS
from platform_api.services.importing.own_export import KINDS, SOURCES, judge_tonearm
from platform_api.services.importing.scrobbles import CLOCK_SKEW
from platform_api.services.importing.verdicts import Broken, Item, Moment, PlayFacts, Row, Skipped, word
from platform_api.services.importing.verdicts import moment as any_moment
from platform_api.utils.text import name_key

MOST_PLAYS_OF_A_ROW = 200
"""Of a change that deleted more, several rows tell."""
MOST_PLAYS_OF_A_CHANGE = 1_000_000
CONSENTS = ("may_train", "may_narrate", "may_compare", "discoverable")
WHY_MERGED = ("isrc", "name", "by_hand")
FEEDBACK = ("love", "hide")
CHANGES = ("deleted", "corrected", "added")


class Setting(NamedTuple):
    name: str
    value: str | bool

    def items(self) -> list[Item]:
        return []

    def detail(self) -> dict[str, Any]:
        return {"setting": self.name, "value": self.value}


class Merge(NamedTuple):
    track: Item
    counts_as: Item
    why: str
    merged_at: datetime

    def items(self) -> list[Item]:
        return [self.track, self.counts_as]

    def detail(self) -> dict[str, Any]:
        return {"track": _called(self.track), "counts_as": _called(self.counts_as)}


class Refusal(NamedTuple):
    track: Item
    other: Item
    refused_at: datetime

    def items(self) -> list[Item]:
        return [self.track, self.other]

    def detail(self) -> dict[str, Any]:
        return {"track": _called(self.track), "is_not": _called(self.other)}


class HiddenArtist(NamedTuple):
    key: str
    name: str
    hidden_at: datetime

    def items(self) -> list[Item]:
        return []

    def detail(self) -> dict[str, Any]:
        return {"artist": self.name}


class Feedback(NamedTuple):
    track: Item
    verdict: str
    given_at: datetime

    def items(self) -> list[Item]:
        return [self.track]

    def detail(self) -> dict[str, Any]:
        return {"track": _called(self.track), "said": self.verdict}


class Genre(NamedTuple):
    track: Item
    genre: str

    def items(self) -> list[Item]:
        return [self.track]

    def detail(self) -> dict[str, Any]:
        return {"track": _called(self.track), "genre": self.genre}


class Playlist(NamedTuple):
    name: str
    description: str
    created_at: datetime
    tracks: list[Item]

    def items(self) -> list[Item]:
        return self.tracks

    def detail(self) -> dict[str, Any]:
        return {"playlist": self.name, "tracks": len(self.tracks), "made_at": self.created_at.isoformat()}


class DeletedPlay(NamedTuple):
    """`stands`: the export told the same play as standing, too; it was told again after it had been deleted."""

    facts: PlayFacts
    source: str
    stands: bool


class Change(NamedTuple):
    """Something done to plays by hand. `brought`: the track and the end of the play that it made, if any."""

    what: str
    plays: int
    made_at: datetime
    brought: tuple[Item, datetime] | None
    deleted: list[DeletedPlay]

    def items(self) -> list[Item]:
        return [*([self.brought[0]] if self.brought else []), *(each.facts.item for each in self.deleted)]

    def detail(self) -> dict[str, Any]:
        names = self.items()
        first = {"first": _called(names[0])} if names else {}
        return {"what": self.what, "plays": self.plays, "made_at": self.made_at.isoformat(), **first}


Kept: TypeAlias = Setting | Merge | Refusal | HiddenArtist | Feedback | Genre | Playlist | Change
Judge: TypeAlias = Callable[[Row, Moment], Kept | Skipped | Broken]


class _Unusable(Exception):
    """Carries the reason why a row is broken."""


def judged(row: object, judge: Judge, now: Moment) -> Kept | Skipped | Broken:
    """The verdict on anything that may stand on a line."""
    if not isinstance(row, dict):
        return Broken(getattr(row, "reason", "not_a_row"))
    try:
        return judge(row, now)
    except _Unusable as why:
        return Broken(str(why))


def setting(row: Row, _now: Moment) -> Kept | Skipped | Broken:
    name, value = row.get("name"), row.get("value")
    if name == "display_name":
        return Setting(name, _valid(_NAME, value))
    if name == "time_zone":
        return Setting(name, _valid(_TIME_ZONE, value))
    if name not in CONSENTS:
        return Skipped("unknown_setting")
    if not isinstance(value, bool):
        raise _Unusable("bad_value")
    return Setting(str(name), value)


def merge(row: Row, now: Moment) -> Kept | Skipped | Broken:
    track, counts_as = _track(row.get("track")), _track(row.get("counts_as"))
    if track.kind != counts_as.kind:
        return Skipped("not_one_kind")
    return Merge(track, counts_as, _one_of(WHY_MERGED, row.get("why")), _moment(row.get("merged_at"), now))


def refusal(row: Row, now: Moment) -> Kept | Skipped | Broken:
    return Refusal(_track(row.get("track")), _track(row.get("other")), _moment(row.get("refused_at"), now))


def hidden_artist(row: Row, now: Moment) -> Kept | Skipped | Broken:
    key, name = word(row.get("key")), word(row.get("name"))
    kind, _, folded = (key or "").partition(":")
    if key is None or kind not in ARTIST_KINDS.values() or not folded or name_key(folded) != folded:
        raise _Unusable("no_artist")
    # the name is shown to all; one that is not this artist's is none
    shown = name if name is not None and name_key(name) == folded else folded
    return HiddenArtist(key, shown, _moment(row.get("hidden_at"), now))


def feedback(row: Row, now: Moment) -> Kept | Skipped | Broken:
    said = _one_of(FEEDBACK, row.get("verdict"))
    return Feedback(_track(row.get("track")), said, _moment(row.get("given_at"), now))


def genre(row: Row, _now: Moment) -> Kept | Skipped | Broken:
    said = word(row.get("genre"))
    if said is None or not name_key(said):
        raise _Unusable("bad_value")
    return Genre(_track(row.get("track")), said)


def playlist(row: Row, now: Moment) -> Kept | Skipped | Broken:
    tracks = row.get("tracks")
    if not isinstance(tracks, list):
        raise _Unusable("no_track")
    if len(tracks) > MOST_TRACKS:
        raise _Unusable("too_many_tracks")
    made_at = _moment(row.get("created_at"), now)
    name, description = _valid(_NAME, row.get("name")), _valid(_SHORT_TEXT, row.get("description"))
    return Playlist(name, description, made_at, [_track(each) for each in tracks])


def change(row: Row, now: Moment) -> Kept | Skipped | Broken:
    what, plays, deleted = _one_of(CHANGES, row.get("what")), row.get("plays"), row.get("deleted", [])
    if isinstance(plays, bool) or not isinstance(plays, int) or not 0 < plays <= MOST_PLAYS_OF_A_CHANGE:
        raise _Unusable("bad_value")
    if not isinstance(deleted, list) or len(deleted) > MOST_PLAYS_OF_A_ROW or (what == "added" and deleted):
        raise _Unusable("bad_value")
    brought = _brought(row.get("brought"), now) if what != "deleted" else None
    return Change(what, plays, _moment(row.get("made_at"), now), brought, [_deleted(each, now) for each in deleted])


def _brought(told: object, now: Moment) -> tuple[Item, datetime]:
    if not isinstance(told, dict):
        raise _Unusable("no_track")
    return _track(told.get("track")), _moment(told.get("ended_at"), now)


def _deleted(told: object, now: Moment) -> DeletedPlay:
    if not isinstance(told, dict):
        raise _Unusable("not_a_row")
    facts = judge_tonearm(told, now)
    if not isinstance(facts, PlayFacts):
        raise _Unusable(facts.reason)
    named: Any = told["tonearm"]
    return DeletedPlay(facts, _one_of(SOURCES, named.get("source")), told.get("stands") is True)


def _track(told: object) -> Item:
    if not isinstance(told, dict) or told.get("kind") not in KINDS:
        raise _Unusable("no_track")
    item = Item(told["kind"], *(word(told.get(name)) for name in ("uri", "title", "artist", "album")))
    if not (item.title or item.uri):
        raise _Unusable("no_track")
    return item


def _moment(told: object, now: Moment) -> datetime:
    at = any_moment(told)
    if at is None:
        raise _Unusable("bad_time")
    if not EARLIEST_PLAY <= at <= now + CLOCK_SKEW:
        raise _Unusable("impossible_time")
    return at


def _one_of(known: tuple[str, ...], told: object) -> str:
    if told not in known:
        raise _Unusable("bad_value")
    return str(told)


_NAME, _SHORT_TEXT, _TIME_ZONE = (TypeAdapter[str](kind) for kind in (Name, ShortText, TimeZone))


def _valid(kind: TypeAdapter[str], told: object) -> str:
    try:
        return kind.validate_python(told, strict=True)
    except ValidationError as error:
        raise _Unusable("bad_value") from error


def _called(item: Item) -> str:
    return ", ".join(name for name in (item.title or item.uri, item.artist) if name)
