"""Every shape in which scrobbles are exported, and what damage does to each. Pure: no server is started."""

import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.services.importing import lines as line_reader
from platform_api.services.importing.archive import ArchiveLimits, ArchiveRefused, BareUpload
from platform_api.services.importing.batches import prepare
from platform_api.services.importing.formats import BY_NAME, HistoryFormat, find_history
from platform_api.services.importing.layouts import layout_of, read_rows
from platform_api.services.importing.rows import NotAListOfRows
from platform_api.services.importing.salvage import Unreadable
from platform_api.services.importing.scrobble_files import moment
from platform_api.services.importing.uploads import StoredUpload, examine
from platform_api.services.importing.verdicts import PlayFacts
from platform_api.services.keepsakes.formats import KeepsakeFormat
from tests.platform_api.importing.test_verdicts import Dripping
from tests.support.scrobble_files import (
    EVERY_SHAPE,
    Heard,
    lines,
    listen_line,
    maloja_file,
    maloja_scrobble,
    page,
    recent_track,
    some_scrobbles,
    table,
)

NOW = datetime(2025, 1, 1, tzinfo=UTC)
PEEK = 1000
WRITTEN = st.characters(codec="utf-8", exclude_characters="\0")
THEN = datetime(2024, 5, 17, 20, 30, 15, tzinfo=UTC)


def found(tmp_path: Path, body: bytes, name: str) -> HistoryFormat | None:
    path = tmp_path / "upload"
    path.write_bytes(body)
    (file,) = find_history(BareUpload(path, name))
    assert not isinstance(file.format, KeepsakeFormat)
    return file.format


def facts(history_format: HistoryFormat, body: bytes) -> list[PlayFacts]:
    return [play for batch in prepare(io.BytesIO(body), history_format, NOW, 0) for _, play in batch.plays]


def verdicts(history_format: HistoryFormat, body: bytes) -> Counter[str]:
    """Rows by reason, `play` where one became a play."""
    told: Counter[str] = Counter()
    for batch in prepare(io.BytesIO(body), history_format, NOW, 0):
        told["play"] += len(batch.plays)
        told.update({reason: rows for (_, reason), rows in batch.counts.items()})
    return +told


@pytest.mark.parametrize("shape", EVERY_SHAPE)
def test_every_shape_tells_the_same_plays(tmp_path: Path, shape: str) -> None:
    name, source, write = EVERY_SHAPE[shape]
    history = some_scrobbles(30)
    body = write(history)
    history_format = found(tmp_path, body, name)
    assert history_format is not None
    assert history_format.source == source
    told = facts(history_format, body)
    assert [(play.item.title, play.item.artist, play.item.album) for play in told] == [
        (heard.name, heard.artist, heard.album) for heard in history
    ]
    assert [play.started_at.replace(second=0) for play in told] == [heard.at.replace(second=0) for heard in history]
    (tmp_path / "upload").write_bytes(body)
    (counted,) = examine(StoredUpload(tmp_path / "upload", len(body), ""), name, ArchiveLimits())
    assert abs((counted.total_rows or 0) - 30) <= 1
    # a name that says nothing is no obstacle
    assert found(tmp_path, body, "renamed by hand") == history_format


@pytest.mark.parametrize("shape", EVERY_SHAPE)
@pytest.mark.parametrize("size", [7, 64, 1000])
def test_pieces_may_end_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str, size: int) -> None:
    name, _, write = EVERY_SHAPE[shape]
    body = write(some_scrobbles(12))
    history_format = found(tmp_path, body, name)
    assert history_format is not None
    monkeypatch.setattr("platform_api.services.importing.layouts.PEEK_BYTES", PEEK)
    whole = [row for piece in read_rows(io.BytesIO(body)) for row in piece]
    start, rest = Dripping(body, size), b""
    while len(rest) < PEEK and (piece := start.read(size)):
        rest += piece
    dripped = [row for piece in read_rows(_Then(rest, start)) for row in piece]
    assert dripped == whole
    assert len(whole) == 12


class _Then:
    def __init__(self, first: bytes, then: io.BytesIO) -> None:
        self._first, self._then = first, then

    def read(self, size: int = -1, /) -> bytes:
        first, self._first = self._first, b""
        return first or self._then.read(size)


def test_what_plays_now_is_not_played_yet() -> None:
    row = recent_track(Heard(THEN))
    del row["date"]
    playing = {**row, "@attr": {"nowplaying": "true"}}
    body = json.dumps(page([playing, recent_track(Heard(THEN))])).encode()
    assert verdicts(BY_NAME["lastfm_api"], body) == {"now_playing": 1, "play": 1}


def test_a_page_with_one_play_holds_it_bare() -> None:
    body = json.dumps([page(recent_track(Heard(THEN))), page([])]).encode()  # type: ignore[arg-type]
    assert verdicts(BY_NAME["lastfm_api"], body) == {"play": 1}


def test_a_damaged_page_costs_one_row() -> None:
    good = [recent_track(Heard(THEN, at)) for at in range(4)]
    damaged = json.dumps(page(good)).replace('"name": "Song 2"', '"name": "Song 2', 1)
    body = f"[{json.dumps(page(good))}, {damaged}, {json.dumps(page(good))}]".encode()
    assert verdicts(BY_NAME["lastfm_api"], body) == {"play": 11, "not_json": 1}


def test_maloja_knows_how_long_it_was_heard() -> None:
    body = maloja_file([maloja_scrobble(Heard(THEN), 187), maloja_scrobble(Heard(THEN, 2))])
    told, untold = facts(BY_NAME["maloja"], body)
    assert told.ms_played == 187_000
    assert untold.ms_played == 30_000
    assert (told.started_at, untold.started_at) == (THEN, THEN)


def test_a_damaged_scrobble_inside_an_object_costs_one_row() -> None:
    rows = [maloja_scrobble(Heard(THEN, at)) for at in range(5)]
    body = maloja_file(rows).replace(b'"title": "Song 3"', b'"title": Song 3"', 1)
    assert verdicts(BY_NAME["maloja"], body) == {"play": 4, "not_json": 1}
    cut = maloja_file(rows)[:-200]
    assert verdicts(BY_NAME["maloja"], cut)["cut_off"] == 1


def test_damaged_lines_cost_their_lines() -> None:
    good = lines([listen_line(Heard(THEN, at)) for at in range(3)])
    body = good + b"{not json}\n\n" + b'\xff\xfe{"a": 1}\n' + b"[1]\n" + good + b'{"listened_at": 17'
    assert verdicts(BY_NAME["listenbrainz"], body) == {"play": 6, "not_json": 3, "not_a_row": 1}


def test_damaged_rows_of_a_table_cost_their_rows() -> None:
    body = table([["artist", "track", "album", "uts"]])
    body += b'A,"a ""quoted"" one",B,1715977815\r\nA,"two\nlines",B,1715977816\n'
    body += b'A,"never closed,B,1715977817\n' + b"Bj\xf6rk,x,y,1715977818\n" + b"\n" + b"only this\n" + b"A,x,y,soon\n"
    body += b"A,x,y,1715977819,more,than,columns\n" + b"A,x,y,99999999999999999999\n" + b"A,,y,1715977820\n"
    told = verdicts(BY_NAME["scrobbles"], body)
    assert told == {"play": 3, "open_quote": 1, "not_text": 1, "bad_time": 3, "nothing_named": 1}


def test_an_endless_line_is_never_held(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(line_reader, "LONGEST_LINE_BYTES", 3000)
    monkeypatch.setattr(line_reader, "PIECE_BYTES", 1000)
    monkeypatch.setattr("platform_api.services.importing.layouts.PEEK_BYTES", PEEK)
    row = b"A,x,y,1715977815\n"
    body = b"artist,track,album,uts\n" + row * 5 + b"A," + b"x" * 20_000 + b"\n" + row * 2 + b"endless" * 5000
    assert verdicts(BY_NAME["scrobbles"], body) == {"play": 7, "too_long": 2}
    held = [row for piece in line_reader.read_json_lines(io.BytesIO(b"{" + b"x" * 50_000)) for row in piece]
    assert [row.reason for row in held if isinstance(row, Unreadable)] == ["too_long"]


@pytest.mark.parametrize(
    ("told", "when"),
    [
        (1715977815, THEN), ("1715977815", THEN), (1715977815.9, THEN), ("1715977815000", THEN), (1715977815000, THEN),
        ("17 May 2024, 20:30", THEN.replace(second=0)), ("17 May 2024 20:30", THEN.replace(second=0)),
        ("17 May 2024, 20:30:15", THEN), ("2024-05-17T20:30:15Z", THEN), ("2024-05-17 22:30:15+02:00", THEN),
        ("17 Mai 2024, 20:30", None), ("soon", None), ("", None), (None, None), (True, None), ([], None),
        ("32 May 2024, 20:30", None), (float("nan"), None), (float("inf"), None), (1e300, None), (-1e15, None),
    ],
)  # fmt: skip
def test_times_in_many_spellings(told: object, when: datetime | None) -> None:
    found = moment(told)
    assert (found and found.started_at) == when
    assert found is None or found.to_the_minute == (when == THEN.replace(second=0))


@given(st.binary(max_size=300))
def test_whatever_the_bytes_there_are_rows_or_there_are_none(body: bytes) -> None:
    for start in (
        b"",
        b"{",
        b"[",
        b"[[",
        b'{"scrobbles": [',
        b'[{"recenttracks":',
        b"artist,track,uts\n",
        b'{"a": 1}\n',
    ):
        try:
            for piece in read_rows(io.BytesIO(start + body)):
                assert isinstance(piece, list)
        except NotAListOfRows:
            pass


@given(st.lists(st.lists(st.text(WRITTEN, max_size=12), min_size=4, max_size=4), max_size=20), st.sampled_from(",;\t"))
def test_a_table_has_one_verdict_for_each_line_or_row(cells: list[list[str]], separator: str) -> None:
    body = table([["artist", "album", "track", "uts"], *cells], separator)
    told = [row for piece in read_rows(io.BytesIO(body)) for row in piece]
    assert len(told) <= sum(1 + "".join(row).count("\n") + "".join(row).count("\r") for row in cells)
    if not any(set('"\r\n') & set("".join(row)) or not "".join(row).strip() for row in cells):
        assert [list(row.values()) for row in told if isinstance(row, dict)] == cells


@pytest.mark.parametrize("body", [b"", b"   ", b'{"a": 1}', b'{"scrobbles": {}}', b"\0\0", b'{"a": {"b": [1]}}'])
def test_no_layout_at_all(body: bytes) -> None:
    with pytest.raises(NotAListOfRows):
        layout_of(body)


@pytest.mark.parametrize("name", ["readme.txt", "orders.csv", "notes.tsv"])
@pytest.mark.parametrize(
    "body",
    [
        b"Dear reader, here are words, with commas, in cells.\nAnd, so, it, goes\n",
        b"1,2,3,4\n5,6,7,8\n",
        b"a;b;c;d",
    ],
)
def test_any_text_with_four_cells_is_no_history(tmp_path: Path, name: str, body: bytes) -> None:
    with pytest.raises(ArchiveRefused):
        found(tmp_path, body, name)


def test_a_damaged_first_row_does_not_hide_a_table_without_a_header(tmp_path: Path) -> None:
    body = b"A,B,T,soon\n" + table([["A", "B", "T", "17 May 2024 20:30"]] * 3)
    history_format = found(tmp_path, body, "somebody.csv")
    assert history_format == BY_NAME["scrobbles"]
    assert verdicts(history_format, body) == {"play": 3, "bad_time": 1}


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_single_listen_is_history(tmp_path: Path, end: bytes) -> None:
    body = lines([listen_line(Heard(THEN))]).rstrip() + end
    history_format = found(tmp_path, body, "2024/5.jsonl")
    assert history_format == BY_NAME["listenbrainz"]
    assert len(facts(history_format, body)) == 1
