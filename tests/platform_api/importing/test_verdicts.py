"""What one row becomes, and when its play began. Pure: no server is started."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from platform_api.services.importing.formats import BY_NAME, FORMATS
from platform_api.services.importing.identity import catalogue_entry
from platform_api.services.importing.rows import read_pieces
from platform_api.services.importing.salvage import Unreadable
from platform_api.services.importing.verdicts import (
    Broken,
    PlayFacts,
    Skipped,
    judge,
    judge_account_audiobook,
    judge_account_music,
    judge_extended,
)
from platform_api.utils.text import name_key
from tests.support.histories import account_row, extended_row
from tests.support.nasty import nasty_rows, own_row

NOW = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2024, 5, 17, 20, 30, 15, tzinfo=UTC)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)
KNOWN_FIELDS = sorted({*extended_row(END), *account_row(END), "audiobook_title", "episodeName", "chapterName"})


def play(row: dict[str, Any]) -> PlayFacts:
    verdict = judge_extended(row, NOW)
    assert isinstance(verdict, PlayFacts)
    return verdict


def test_a_play_began_its_length_before_its_end() -> None:
    facts = play(extended_row(END, ms_played=90_500))
    assert (facts.started_at, facts.ended_at) == (END - timedelta(seconds=90.5), END)


@pytest.mark.parametrize("unit", [1, 1000])
def test_an_offline_play_began_when_its_timestamp_says(unit: int) -> None:
    began = END - timedelta(days=9)
    facts = play(extended_row(END, offline=True, offline_timestamp=int(began.timestamp()) * unit))
    assert (facts.started_at, facts.ended_at) == (began, began + timedelta(seconds=200))


@pytest.mark.parametrize(
    "fields",
    [
        {"offline": True, "offline_timestamp": 0},
        {"offline": True, "offline_timestamp": None},
        {"offline": True, "offline_timestamp": "yesterday"},
        {"offline": True, "offline_timestamp": int(END.timestamp())},
        {"offline": True, "offline_timestamp": 86_400},
        {"offline": True, "offline_timestamp": 10**30},
        {"offline": False, "offline_timestamp": int(END.timestamp()) - 86_400},
        {"offline": None, "offline_timestamp": int(END.timestamp()) - 86_400},
    ],
)
def test_an_implausible_timestamp_is_not_believed(fields: dict[str, Any]) -> None:
    assert play(extended_row(END, **fields)).ended_at == END


@pytest.mark.parametrize(
    ("ts", "moment"),
    [
        ("2024-05-17T20:30:15Z", END),
        ("2024-05-17T22:30:15+02:00", END),
        ("2024-05-17 20:30:15", END),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_times_are_utc(ts: str, moment: datetime) -> None:
    assert play({**extended_row(END), "ts": ts}).ended_at == moment


@pytest.mark.parametrize("ts", [None, "", "soon", "2023-02-29T00:00:00Z", 1715977815, "0001-01-01T00:00:00+14:00"])
def test_what_is_no_time(ts: object) -> None:
    assert judge_extended({**extended_row(END), "ts": ts}, NOW) == Broken("bad_time")


def test_what_is_no_length() -> None:
    for length in (None, -1, 1.5, "200", True, float("nan"), 10**12):
        assert judge_extended({**extended_row(END), "ms_played": length}, NOW) == Broken("bad_duration")
    assert play({**extended_row(END), "ms_played": 200.0}).ms_played == 200


def test_songs_episodes_and_chapters_are_kept_apart() -> None:
    bare = extended_row(END, master_metadata_track_name=None, spotify_track_uri=None)
    episode = {**bare, "episode_name": "One", "episode_show_name": "A show"}
    chapter = {**bare, "audiobook_title": "A book", "audiobook_chapter_title": "I"}
    kinds = [play(row).item.kind for row in (extended_row(END), episode, chapter)]
    assert kinds == ["song", "episode", "chapter"]
    assert judge_extended(bare, NOW) == Skipped("nothing_named")


def test_a_track_without_names_is_kept_by_its_address() -> None:
    row = extended_row(END, master_metadata_track_name=None, master_metadata_album_artist_name=None)
    assert play(row).item.uri == row["spotify_track_uri"]


def test_account_data_know_the_minute() -> None:
    facts = judge_account_music(account_row(END, ms_played=90_500), NOW)
    assert isinstance(facts, PlayFacts)
    assert facts.precision_s == 60
    assert facts.started_at == END.replace(second=0) - timedelta(seconds=90.5)
    assert facts.ended_at.replace(microsecond=0) == END.replace(second=0)


@given(row=st.one_of(ANYTHING, st.dictionaries(st.sampled_from(KNOWN_FIELDS), ANYTHING)))
def test_anything_gets_a_verdict(row: object) -> None:
    for each in FORMATS:
        assert isinstance(judge(row, each.judge, NOW), PlayFacts | Skipped | Broken)


@given(nasty=nasty_rows())
@example(nasty=("listenbrainz", {"listened_at": "--5", "track_metadata": {}}))
@example(nasty=("listenbrainz", {"listened_at": "9" * 5000, "track_metadata": {}}))
def test_a_row_with_absurd_fields_gets_a_verdict(nasty: tuple[str, dict[str, Any]]) -> None:
    name, row = nasty
    assert isinstance(judge(row, BY_NAME[name].judge, NOW), PlayFacts | Skipped | Broken)


@given(values=st.lists(st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=3), max_size=30))
def test_pieces_hold_every_row_once(values: list[dict[str, str]]) -> None:
    for indent in (None, 2):
        pieces = read_pieces(io.BytesIO(json.dumps(values, indent=indent).encode()))
        assert [row for piece in pieces for row in piece] == values


@example(values=["},{"], size=1)
@given(values=st.lists(st.text(alphabet='{},[]" \\a', max_size=40), max_size=40), size=st.integers(1, 64))
def test_borders_inside_texts_are_no_borders(values: list[str], size: int) -> None:
    rows = [{"text": value} for value in values]
    assert [row for piece in read_pieces(Dripping(json.dumps(rows).encode(), size)) for row in piece] == rows


def test_a_damaged_row_costs_one_row() -> None:
    good = json.dumps(extended_row(END))
    damaged = f"[{good}, {good[:-40]}}}, {good}, {good[:80]}"
    rows = [row for piece in read_pieces(io.BytesIO(damaged.encode())) for row in piece]
    told = [row.reason if isinstance(row, Unreadable) else "row" for row in rows]
    assert told == ["row", "not_json", "row", "cut_off"]


@given(st.text())
def test_a_name_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    assert len(name_key(name).encode()) <= 2000


class Dripping(io.BytesIO):
    """Gives less than it is asked for, so that pieces end anywhere."""

    def __init__(self, body: bytes, size: int) -> None:
        super().__init__(body)
        self._size = size

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(self._size, size or 0) if size and size > 0 else self._size)


@pytest.mark.parametrize("year", [2000, 2003, 2024])
def test_our_export_restores_plays_from_before_spotify(year: int) -> None:
    """Added by hand, or scrobbled by the first players that did."""
    facts = judge(own_row(datetime(year, 1, 1, tzinfo=UTC)), BY_NAME["tonearm_manual"].judge, NOW)
    assert isinstance(facts, PlayFacts)
    assert facts.started_at.year == year


def test_a_chapter_has_one_name_in_both_packages() -> None:
    bare = extended_row(END, master_metadata_track_name=None, spotify_track_uri=None)
    extended = play({**bare, "audiobook_title": "A Book", "audiobook_chapter_title": "Chapter 1"})
    row = {"endTime": "2024-05-17 20:30", "audiobookName": "A Book", "chapterName": "Chapter 1", "msPlayed": 200_000}
    for author in ({}, {"authorName": "Somebody"}):
        account = judge_account_audiobook({**row, **author}, NOW)
        assert isinstance(account, PlayFacts)
        assert catalogue_entry(account.item) == catalogue_entry(extended.item)
