"""The plays of a listener, month by month, packed into bytes: a million of them are read in some 15 milliseconds.

A groove holds one record of RECORD_BYTES for each play of a month (UTC) that counts (`counted_plays`), by start.
Triggers on `plays` empty the groove of a month in the transaction that changes one of its plays; what is empty is
packed from the plays while it is read, so an answer is never older than the plays. `refresh` packs them for
good and is called where many plays changed.
"""

from datetime import date
from typing import NamedTuple

from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.orm import Session

RECORD_BYTES = 18
"""Big-endian int32 × 4 and int16: start in ms after the month began − 2³¹, track, ms played, facts, country."""

KINDS = ("song", "episode", "chapter")
REASONS = (
    "trackdone", "fwdbtn", "backbtn", "clickrow", "clickside", "endplay", "playbtn", "remote", "logout", "popup",
    "appload", "trackerror", "unexpected-exit", "unexpected-exit-while-paused", "unknown", "uriopen", "autoplay",
    "reload",
)  # fmt: skip
"""How plays begin and end, as the export names it; number 1 is the first, 0 none told, OTHER_REASON any other."""
OTHER_REASON = 31
DEVICES = ("android", "ios", "windows", "mac", "linux", "web", "watch", "tv", "console", "car", "speaker", "other")
"""Families of `platform`; number 1 is the first, 0 none told."""

KIND_BITS, KIND_MASK = 0, 3
SKIPPED_BITS, SHUFFLE_BITS, OFFLINE_BITS, PRIVATE_BITS = 2, 4, 6, 8
"""Two bits each: 0 not told, 1 no, 2 yes."""
REASON_START_BITS, REASON_END_BITS, REASON_MASK = 10, 15, 31
DEVICE_BITS, DEVICE_MASK = 20, 15
COARSE_BIT, LISTEN_BIT = 24, 25
"""Set where the end is not known to the second; where the play is a listen (`plays.is_listen`)."""

_DEVICE_RULES = (
    ("strpos(platform, 'Watch') > 0 OR strpos(platform, 'watchos') > 0", "watch"),
    ("starts_with(platform, 'Android OS') OR platform = 'android'", "android"),
    ("starts_with(platform, 'iOS') OR platform = 'ios'", "ios"),
    ("starts_with(platform, 'Windows') OR platform = 'windows'", "windows"),
    ("starts_with(platform, 'OS X') OR platform = 'osx'", "mac"),
    ("starts_with(platform, 'Linux') OR platform = 'linux'", "linux"),
    ("platform ~* '^web|web_?player'", "web"),
    ("platform ~* 'playstation|\\mps[345]|xbox'", "console"),
    ("platform ~* 'car_?thing|android ?auto|automotive|tesla|carplay'", "car"),
    ("platform ~* '_tv|\\mtv\\M|roku|webos|tizen|bravia|smarttv|fire_tv'", "tv"),
    ("platform ~* 'echo|alexa|salmon|sonos|cast|speaker|home|bose|denon|yamaha|librespot|hifi|receiver'", "speaker"),
    ("platform ~* '^android'", "android"),
    ("platform ~* 'iphone|ipad|^ios'", "ios"),
    ("platform ~* '^win'", "windows"),
    ("platform ~* '^mac|^os ?x|darwin'", "mac"),
    ("platform ~* '^linux'", "linux"),
)
"""The first that holds names the family; common ones come first, so that most plays cost one comparison."""


def _number_of(value: str, names: tuple[str, ...], otherwise: int) -> str:
    cases = " ".join(f"WHEN '{name}' THEN {number}" for number, name in enumerate(names, start=1))
    return f"CASE {value} {cases} ELSE CASE WHEN coalesce({value}, '') = '' THEN 0 ELSE {otherwise} END END"


def _device() -> str:
    cases = " ".join(f"WHEN {rule} THEN {DEVICES.index(family) + 1}" for rule, family in _DEVICE_RULES)
    return f"CASE WHEN coalesce(platform, '') = '' THEN 0 {cases} ELSE {DEVICES.index('other') + 1} END"


def _told(column: str, bits: int) -> str:
    return f"(CASE {column} WHEN true THEN 2 WHEN false THEN 1 ELSE 0 END << {bits})"


_FACTS = " | ".join([
    f"(CASE kind WHEN 'song' THEN 0 WHEN 'episode' THEN 1 ELSE 2 END << {KIND_BITS})",
    _told("skipped", SKIPPED_BITS),
    _told("shuffle", SHUFFLE_BITS),
    _told("offline", OFFLINE_BITS),
    _told("incognito", PRIVATE_BITS),
    f"({_number_of('reason_start', REASONS, OTHER_REASON)} << {REASON_START_BITS})",
    f"({_number_of('reason_end', REASONS, OTHER_REASON)} << {REASON_END_BITS})",
    f"({_device()} << {DEVICE_BITS})",
    f"((precision_s > 1)::int << {COARSE_BIT})",
    f"(is_listen::int << {LISTEN_BIT})",
])  # fmt: skip
_OF_MONTH = """
    user_id = :user_id AND started_at >= groove.month::timestamp AT TIME ZONE 'UTC'
    AND started_at < (groove.month + interval '1 month')::timestamp AT TIME ZONE 'UTC'
"""
# two letters as two numbers of seven bits; a start is cut to the millisecond, and never reaches into the second after
_PACKED = f"""
    SELECT string_agg(
        int4send((ms - 2147483648)::int4) || int4send(track_id::int4) || int4send(ms_played) || int4send(facts)
        || int2send(country::int2), ''::bytea ORDER BY ms, track_id, ended_at)
    FROM (
        SELECT track_id, ended_at, ms_played, {_FACTS} AS facts,
               round(date_part('epoch', started_at - begins) * 1000000)::int8 / 1000 AS ms,
               CASE WHEN length(country) = 2
                    THEN ((ascii(country) & 127) << 7) | (ascii(substr(country, 2)) & 127) ELSE 0 END AS country
        FROM counted_plays, (SELECT groove.month::timestamp AT TIME ZONE 'UTC' AS begins) AS of_month
        WHERE {_OF_MONTH}
    ) AS facts
"""
READ = f"""
    SELECT month, coalesce(plays, ({_PACKED})) FROM grooves groove
    WHERE user_id = :user_id AND month >= %(since)s ORDER BY month
""".replace(":user_id", "%(user_id)s")
_COUNT = text(f"""
    SELECT coalesce(sum(coalesce(
        octet_length(plays) / {RECORD_BYTES}, (SELECT count(*) FROM counted_plays WHERE {_OF_MONTH}))), 0)::int8
    FROM grooves groove WHERE user_id = :user_id
""")
_REFRESH = text(f"UPDATE grooves groove SET plays = ({_PACKED}) WHERE user_id = :user_id AND plays IS NULL")
_FORGET_SILENT = text("DELETE FROM grooves WHERE user_id = :user_id AND plays IS NULL")


class Month(NamedTuple):
    """The plays that started in one month (UTC), as records."""

    month: date
    records: bytes


def read(session: Session, user_id: int, since: date = date.min) -> list[Month]:
    """The listener's plays from the month of `since` on, oldest month first, as one moment saw them. A month without
    plays is left out."""
    session.flush()
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)
    with connection.cursor(binary=True) as cursor:  # as text every byte would travel as two letters
        rows = cursor.execute(READ.encode(), {"user_id": user_id, "since": since.replace(day=1)}).fetchall()
    return [Month(month, records) for month, records in rows if records]


def count(session: Session, user_id: int) -> int:
    """How many plays count: a groove tells by its size."""
    session.flush()
    counted: int = session.execute(_COUNT, {"user_id": user_id}).scalar_one()
    return counted


def refresh(session: Session, user_id: int) -> None:
    """Packs what changed. Call it while `hold_history` is held: a play that came meanwhile would be left out."""
    session.execute(_REFRESH, {"user_id": user_id})
    session.execute(_FORGET_SILENT, {"user_id": user_id})


def version(session: Session, user_id: int) -> int | None:
    """Changes in the transaction that changes the listener's plays (`users.bump_data_version`)."""
    found: int | None = session.scalar(text("SELECT data_version FROM users WHERE id = :user_id"), {"user_id": user_id})
    return found
