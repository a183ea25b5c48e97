"""Bad uploads (CHECKS 1 to 6): refused as a whole with a sentence, or one bad row costs one row. Never a 500."""

import io
import json
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from platform_api.core.errors import AppError
from platform_api.core.settings import Settings
from platform_api.services.importing.archive import ArchiveLimits, ArchiveRefused, UnpacksTooLarge
from platform_api.services.importing.uploads import StoredUpload, examine
from tests.support.histories import FIRST_DAY, a_day_of_plays, bring_and_work, extended_row, extended_zip, zipped
from tests.support.people import Listener

HISTORY = "Streaming_History_Audio_2024_0.json"
MEBIBYTE = 1024 * 1024


def examined(tmp_path: Path, body: bytes, limits: ArchiveLimits | None = None) -> int:
    """Rows counted in an upload."""
    path = tmp_path / "upload"
    path.write_bytes(body)
    files = examine(StoredUpload(path, len(body), ""), "upload.zip", limits or ArchiveLimits())
    return sum(file.total_rows or 0 for file in files)


def with_names(*names: str) -> bytes:
    return zipped({HISTORY: a_day_of_plays(2), **dict.fromkeys(names, b"x")})


def patched(body: bytes, marker: bytes, offset: int, value: bytes) -> bytes:
    """Overwrites bytes behind every occurrence of a header's signature."""
    changed = bytearray(body)
    at = changed.find(marker)
    while at >= 0:
        changed[at + offset : at + offset + len(value)] = value
        at = changed.find(marker, at + 1)
    return bytes(changed)


def nul_named() -> bytes:
    return with_names("evil!.json").replace(b"evil!.json", b"evil\0.json")


def linked() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(HISTORY, json.dumps(a_day_of_plays(2)))
        link = zipfile.ZipInfo("passwd.json")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return packed.getvalue()


def overlapping() -> bytes:
    """Two directory entries that share one file's bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", json.dumps(a_day_of_plays(50)))
        archive.filelist.append(zipfile.ZipInfo("b.json"))
        first, second = archive.filelist
        for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type", "flag_bits"):
            setattr(second, field, getattr(first, field))
        archive.NameToInfo["b.json"] = second
    return packed.getvalue()


REFUSED: dict[str, Callable[[], bytes]] = {
    "parent folder": lambda: with_names("../evil.json"),
    "absolute": lambda: with_names("/etc/evil.json"),
    "drive letter": lambda: with_names("C:\\evil.json"),
    "backslashes": lambda: with_names("..\\evil.json"),
    "NUL in a name": nul_named,
    "link": linked,
    "nested": lambda: with_names("more.zip"),
    "overlapping": overlapping,
    "too many": lambda: with_names(*(f"{number}.txt" for number in range(500))),
    "encrypted": lambda: patched(patched(with_names(), b"PK\x01\x02", 8, b"\x01"), b"PK\x03\x04", 6, b"\x01"),
    "truncated": lambda: extended_zip(a_day_of_plays(50))[:-40],
    "half": lambda: extended_zip(a_day_of_plays(500))[:2000],
    "wrong CRC": lambda: patched(extended_zip(a_day_of_plays(50)), b"PK\x01\x02", 16, b"\0\0\0\0"),
    "not a ZIP": lambda: b"PK\x03\x04 and nothing that follows from it",
    "a picture": lambda: b"\x89PNG\r\n" + bytes(100),
    "no history inside": lambda: zipped({"Userdata.json": b'{"username": "x"}', "cover.jpg": b"x"}),
    "empty ZIP": lambda: zipped({}),
    "JSON cut off": lambda: json.dumps(a_day_of_plays(5)).encode()[:-20],
    "claims a large directory": lambda: patched(with_names(), b"PK\x05\x06", 12, struct.pack("<L", 2**31)),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_bad_archives_are_refused_as_a_whole(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ArchiveRefused):
        examined(tmp_path, REFUSED[kind]())


def test_a_zip_bomb_stops_at_the_bytes_really_read(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(HISTORY, "w", force_zip64=True) as entry,
    ):
        entry.write(b"[" + json.dumps(extended_row(FIRST_DAY)).encode())
        for _ in range(200):
            entry.write(b" " * MEBIBYTE)
        entry.write(b"]")
    body = packed.getvalue()
    assert len(body) < MEBIBYTE
    tracemalloc.start()
    with pytest.raises(UnpacksTooLarge):
        examined(tmp_path, body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * MEBIBYTE
    with pytest.raises(UnpacksTooLarge):
        examined(tmp_path, body, ArchiveLimits(max_unpacked_bytes=5 * MEBIBYTE))


def bomb(claimed: int) -> bytes:
    """A ZIP of 10 MB whose one entry is a deflate stream of 10 GB, whatever its headers claim: made without ever being
    packed or held unpacked.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(b"[" + b" " * (MEBIBYTE - 1)) + packer.flush(zlib.Z_FULL_FLUSH)
    # behind a full flush the same input gives the same bytes
    again = packer.compress(b" " * MEBIBYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = first + again * (10 * 1024 - 1) + packer.flush(zlib.Z_FINISH)
    name = HISTORY.encode()
    about = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0x21, 0, len(stream), claimed, len(name), 0)
    local = b"PK\x03\x04" + about + name
    listed = b"PK\x01\x02" + struct.pack("<H", 20) + about + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    at = len(local) + len(stream)
    return local + stream + listed + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(listed), at, 0)


@pytest.mark.parametrize("claimed", [2**32 - 2, 1000 * MEBIBYTE, 5000])
def test_ten_gigabytes_in_ten_megabytes_stop_at_the_door(listener: Listener, settings: Settings, claimed: int) -> None:
    body = bomb(claimed)
    assert 9 * MEBIBYTE < len(body) < 12 * MEBIBYTE
    tracemalloc.start()
    answer = listener.post("/imports?file_name=x.zip", content=body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code in (413, 422), answer.text
    assert peak < 100 * MEBIBYTE
    assert not [path for path in settings.uploads.dir.rglob("*") if path.is_file()]
    assert listener.get("/imports").json() == []


def test_a_header_that_claims_less_than_there_is_is_refused(tmp_path: Path) -> None:
    lying = patched(extended_zip(a_day_of_plays(50)), b"PK\x01\x02", 24, struct.pack("<L", 100))
    with pytest.raises(ArchiveRefused):
        examined(tmp_path, lying)


def test_a_header_that_claims_more_than_there_is_is_refused(tmp_path: Path) -> None:
    lying = patched(extended_zip(a_day_of_plays(50)), b"PK\x01\x02", 24, struct.pack("<L", 10 * MEBIBYTE))
    with pytest.raises(AppError):
        examined(tmp_path, lying)


def test_rows_are_counted_before_they_are_read(tmp_path: Path) -> None:
    assert examined(tmp_path, extended_zip(a_day_of_plays(5000))) == 5000
    assert examined(tmp_path, json.dumps(a_day_of_plays(3), indent=2).encode()) == 3


def test_a_refusal_leaves_no_file_and_no_import(listener: Listener, settings: Settings) -> None:
    answer = listener.post("/imports?file_name=x.zip", content=REFUSED["wrong CRC"]())
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert listener.get("/imports").json() == []
    assert not [path for path in settings.uploads.dir.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("kind", "body", "state", "verdicts"),
    [
        ("an object", b'{"ts": 1}', "broken", {}),
        ("numbers", b"[1, 2, 3]", "done", {"not_a_row": 3}),
        ("deep", b"[" * 100_000 + b"]" * 100_000, "done", {"not_json": 1}),
        ("not a number", b'[{"ts": "2024-01-01T00:00:00Z", "ms_played": NaN}]', "done", {"not_json": 1}),
        ("huge integer", b'[{"ts": "2024-01-01T00:00:00Z", "ms_played": 1' + b"0" * 400 + b"}]", "done",
         {"not_json": 1}),
        ("large integer", b'[{"ts": "2024-01-01T00:00:00Z", "ms_played": 1' + b"0" * 30 + b"}]", "done",
         {"bad_duration": 1}),
        ("bad UTF-8", b'[{"ts": "\xff\xfe", "ms_played": 1}]', "done", {"not_json": 1}),
        ("lone surrogate", b'[{"ts": "\\ud800", "ms_played": 1}]', "done", {"not_json": 1}),
        ("empty list", b"[]", "done", {}),
        ("far future", b'[{"ts": "9999-12-31T23:59:60Z", "ms_played": 1}]', "done", {"bad_time": 1}),
        ("before Spotify", b'[{"ts": "1999-12-31T23:59:59Z", "ms_played": 1}]', "done", {"impossible_time": 1}),
        ("true as a number", b'[{"ts": "2024-01-01T00:00:00Z", "ms_played": true}]', "done", {"bad_duration": 1}),
    ],
)  # fmt: skip
def test_bad_json_costs_its_rows_only(
    listener: Listener, settings: Settings, kind: str, body: bytes, state: str, verdicts: dict[str, int]
) -> None:
    good = "Streaming_History_Audio_2024_1.json"
    ledger = bring_and_work(listener, settings, zipped({HISTORY: body, good: a_day_of_plays(3)}))
    bad_file, good_file = ledger["files"]
    assert ledger["state"] == "done", kind
    assert bad_file["state"] == state
    assert {each["reason"]: each["rows"] for each in ledger["reasons"]} == verdicts
    assert (good_file["accepted"], bad_file["rows"]) == (3, sum(verdicts.values()))


def test_a_byte_order_mark_is_no_obstacle(listener: Listener, settings: Settings) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(a_day_of_plays(3)).encode()
    assert bring_and_work(listener, settings, body, "endsong_0.json")["totals"]["accepted"] == 3


def test_names_of_every_script_survive(listener: Listener, settings: Settings) -> None:
    names = ["שיר", "🎧 e\u0301t\u00e9", "\u200bzero\u200bwidth", "NUL\0inside", "  spaced  "]
    rows = [
        extended_row(FIRST_DAY, at, master_metadata_track_name=name, master_metadata_album_artist_name=name)
        for at, name in enumerate(names)
    ]
    bring_and_work(listener, settings, extended_zip(rows))
    shown = {item["track"]["name"] for item in listener.get("/plays").json()["items"]}
    assert shown == {name.replace("\0", "") for name in names}


def test_what_is_not_history_is_left_alone(listener: Listener, settings: Settings) -> None:
    files: dict[str, list[object] | bytes] = {
        "MyData/Userdata.json": b'{"username": "x"}',
        "MyData/ReadMe.pdf": b"%PDF",
        "__MACOSX/._endsong_0.json": b"\0\0",
        "MyData/renamed by hand.json": list(a_day_of_plays(2)),
    }
    ledger = bring_and_work(listener, settings, zipped(files))
    assert {file["name"]: file["state"] for file in ledger["files"]} == {
        "MyData/Userdata.json": "ignored",
        "MyData/ReadMe.pdf": "ignored",
        "__MACOSX/._endsong_0.json": "ignored",
        "MyData/renamed by hand.json": "done",
    }
    assert ledger["totals"]["accepted"] == 2
