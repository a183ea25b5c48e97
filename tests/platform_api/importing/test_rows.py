"""How rows are read out of a JSON list, whatever they hold and however the bytes arrive. Pure: no server is started."""

import io
import json
import re
import tracemalloc
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from platform_api.services.importing import rows as row_reader
from platform_api.services.importing import salvage
from platform_api.services.importing.rows import read_pieces
from platform_api.services.importing.salvage import Unreadable, rows_of
from tests.platform_api.importing.test_verdicts import Dripping

Write: TypeAlias = Callable[[int], dict[str, Any]]

MEBIBYTE = 1024 * 1024
NAMES = st.sampled_from(["a", "b", "name", "artists"])
SPELLING = st.sampled_from([None, 1, 4])


def objects(texts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that hold lists of objects that hold lists of objects."""
    plain = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), texts)
    nested = st.recursive(
        plain,
        lambda inner: st.one_of(
            st.lists(st.dictionaries(NAMES, inner, max_size=3), max_size=8), st.dictionaries(NAMES, inner, max_size=3)
        ),
        max_leaves=20,
    )
    return st.dictionaries(NAMES, nested, max_size=4)


def read(body: bytes, size: int | None = None) -> list[object]:
    stream = io.BytesIO(body) if size is None else Dripping(body, size)
    return [row for piece in read_pieces(stream) for row in piece]


def told(rows: list[object]) -> Counter[str]:
    return Counter(row.reason if isinstance(row, Unreadable) else "row" for row in rows)


def recent_track(at: int) -> dict[str, Any]:
    """As user.getRecentTracks?extended=1 tells it: eight pictures in two lists."""
    pictures = [{"size": size, "#text": f"https://example.org/{at}/{size}"} for size in ("s", "m", "l", "xl")]
    return {
        "artist": {"url": "https://example.org", "mbid": "", "image": pictures, "name": f"Artist {at % 9}"},
        "mbid": "", "name": f"Song {at}", "image": pictures, "loved": "0", "date": {"uts": str(1_700_000_000 + at)},
    }  # fmt: skip


def credited(at: int) -> dict[str, Any]:
    """A listen with many credited artists."""
    artists = [{"artist_credit_name": f"A {n}", "artist_mbid": f"{n:036d}", "join_phrase": " & "} for n in range(30)]
    return {"listened_at": 1_700_000_000 + at, "track_metadata": {"mbid_mapping": {"artists": artists}}}


@pytest.mark.parametrize("write", [recent_track, credited])
@pytest.mark.parametrize("indent", [None, 2])
def test_rows_that_hold_lists_are_all_read(write: Write, indent: int | None) -> None:
    written = [write(at) for at in range(6_000)]
    body = json.dumps(written, indent=indent).encode()
    assert len(body) > 3 * MEBIBYTE
    assert read(body) == written


@given(
    written=st.lists(objects(st.text('{},[]" \\aé', max_size=20)), max_size=12),
    indent=SPELLING,
    size=st.integers(1, 90),
)
def test_any_list_gives_exactly_its_rows(written: list[dict[str, Any]], indent: int | None, size: int) -> None:
    body = json.dumps(written, indent=indent, ensure_ascii=False).encode()
    assert read(body, size) == written
    assert rows_of(body.removeprefix(b"[")) == written


@given(
    written=st.lists(objects(st.text("xyz", max_size=5)), min_size=1, max_size=8),
    indent=SPELLING,
    chance=st.randoms(use_true_random=False),
)
def test_damage_in_a_row_costs_that_row(written: list[dict[str, Any]], indent: int | None, chance: Random) -> None:
    written = [{"ts": at, **row} for at, row in enumerate(written)]
    texts = [json.dumps(row, indent=indent) for row in written]
    bad = chance.randrange(len(texts))
    place = chance.choice([found.start() for found in re.finditer(r'[{}\[\]":,]', texts[bad])][:-1])
    added, cut = chance.choice([("?", 0), ("", 1)])
    texts[bad] = texts[bad][:place] + added + texts[bad][place + cut :]
    body = f"[{', '.join(texts)}]".encode()
    assume(not is_json(body))
    rows = read(body)
    assert [row for row in rows if not isinstance(row, Unreadable)] == written[:bad] + written[bad + 1 :]
    assert told(rows)["not_json"] == 1


def is_json(body: bytes) -> bool:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return True


@pytest.mark.parametrize("write", [recent_track, credited])
@pytest.mark.parametrize(("sound", "damaged"), [(b'": ', b'" '), (b'"}', b"}"), (b"}]", b"}"), (b"[", b"")])
def test_damage_in_the_midst_of_a_large_file_costs_its_rows(write: Write, sound: bytes, damaged: bytes) -> None:
    written = [write(at) for at in range(3_000)]
    texts = [json.dumps(row).encode() for row in written]
    bad = {2, 1_333, 1_500, 1_501, 2_998}
    for at in bad:
        texts[at] = texts[at].replace(sound, damaged, 1)
    rows = read(b"[" + b",\n".join(texts) + b"]")
    assert [row for row in rows if not isinstance(row, Unreadable)] == [
        row for at, row in enumerate(written) if at not in bad
    ]
    assert told(rows)["not_json"] == len(bad)


def test_rows_in_one_list_that_are_damaged_side_by_side_are_counted_each() -> None:
    good = [json.dumps({"ts": at, "of": [{"a": 1}, {"a": 2}]}) for at in range(9)]
    damaged = [text.replace("ts", "ts?").replace('"of"', "of") if 3 <= at < 6 else text for at, text in enumerate(good)]
    assert told(read(f"[{', '.join(damaged)}]".encode())) == {"row": 6, "not_json": 3}


def test_what_was_cut_off_is_one_row() -> None:
    body = json.dumps([recent_track(at) for at in range(5)]).encode()
    assert told(read(body[:-300])) == {"row": 4, "cut_off": 1}


def test_a_row_without_an_end_is_never_held(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LONGEST_ROW_BYTES": 4, "PATIENCE_BYTES": 2, "PIECE_BYTES": 1}.items():
        monkeypatch.setattr(row_reader, name, value * MEBIBYTE // 16)
    endless = io.BytesIO(b'[{"ts": 1}, {"ts": [' + b'{"a": "%d"}, ' % 10**4000 * 2_000)
    tracemalloc.start()
    rows = sum(len(piece) for piece in read_pieces(endless))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows > 0
    assert peak < 6 * MEBIBYTE


def test_damage_is_not_worth_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are never closed lie in each other: from each of them on, the whole file would be read once more."""
    decoded: list[int] = []
    decode = salvage.decode

    def counted(text: str, at: int) -> tuple[object, int]:
        decoded.append(at)
        return decode(text, at)

    monkeypatch.setattr(salvage, "decode", counted)
    rows = read(b"[" + b'{"a": [{}, {"b": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}, ' * 5_000)
    assert {type(row) for row in rows} <= {dict, Unreadable}
    assert len(decoded) < 500
