"""The Python client against the application over HTTP: its frame gives the same numbers as the pages."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas
import pytest
from fastapi.testclient import TestClient
from tonearm_client import Refused, Tonearm, calendar, clock, top, totals
from tonearm_client.parquet import save_parquet

from platform_api.core.settings import Settings
from platform_api.main import create_app
from tests.support.histories import bring_and_work, extended_row, listen, zipped
from tests.support.live import serving
from tests.support.people import Listener

# over both changes of the clock and the turn of a year, in a zone with both
STARTS = [
    datetime(2023, 12, 31, 20, tzinfo=UTC),
    datetime(2024, 3, 30, 22, tzinfo=UTC),
    datetime(2024, 10, 26, 22, tzinfo=UTC),
]
LENGTHS = [200_000, 29_999, 30_000, 412_345]
YEAR, DAY, OTHER_YEAR = ("2024", "2024-01-01", "2024-12-31"), ("2024-03-31",) * 3, ("2023", "2023-01-01", "2023-12-31")
ROWS = [
    extended_row(
        start + timedelta(minutes=11 * at), track=(at * at + 3) % 41, ms_played=LENGTHS[at % 4],
        reason_end=["trackdone", "fwdbtn"][at % 2], skipped=[None, True, False][at % 3],
    )
    for start in STARTS for at in range(60)
]  # fmt: skip
SPOKEN = extended_row(
    STARTS[1], master_metadata_track_name=None, spotify_track_uri=None, episode_name="Pilot",
    episode_show_name="A Show", spotify_episode_uri="spotify:episode:0000000000000000000007",
)  # fmt: skip


@pytest.fixture
def tonearm(settings: Settings, listener: Listener) -> Iterator[Tonearm]:
    bring_and_work(listener, settings, zipped({"Streaming_History_Audio_2024_0.json": [*ROWS, SPOKEN]}))
    token = listener.post("/tokens", {"name": "notebook"}).json()["token"]
    listens = [listen(STARTS[0] + timedelta(days=3, hours=at), at) for at in range(5)]
    sent = {"listen_type": "import", "payload": listens}
    listener.client.post("/1/submit-listens", json=sent, headers={"Authorization": f"Token {token}"})
    with serving(create_app(settings)) as address:
        yield Tonearm(address, token)


@pytest.mark.parametrize(("span", "since", "until"), [YEAR, DAY, OTHER_YEAR])
def test_the_frame_gives_the_numbers_of_the_pages(
    tonearm: Tonearm, listener: Listener, span: str, since: str, until: str
) -> None:
    plays = tonearm.plays(since, until)
    told = listener.get(f"/analysis/totals?span={span}").json()
    mine = totals(plays)
    assert mine == {name: told[name] for name in mine}

    for kind in ("tracks", "artists", "albums"):
        ranked = listener.get(f"/analysis/top/{kind}?span={span}&limit=100").json()["items"]
        frame = top(plays, kind, 100)
        name = {"tracks": "title", "artists": "artist", "albums": "album"}[kind]
        assert list(zip(frame[name], frame["listens"], frame["ms_played"], strict=True)) == [
            (item["name"], item["listens"], item["ms_played"]) for item in ranked
        ]

    heat = clock(plays)
    for cell in listener.get(f"/analysis/clock?span={span}").json()["cells"]:
        assert heat.loc[cell["weekday"], cell["hour"]] == cell["listens"]
    days = {day["day"]: day["listens"] for day in listener.get(f"/analysis/calendar?span={span}").json()["days"]}
    mine_by_day = {str(day.date()): count for day, count in calendar(plays).items() if count}
    assert mine_by_day == {day: count for day, count in days.items() if count}


def test_a_parquet_file_holds_the_same(tonearm: Tonearm, tmp_path: Path) -> None:
    path = tmp_path / "plays.parquet"
    whole = tonearm.plays()
    assert save_parquet(tonearm, path) == len(whole) == len(ROWS) + 6
    pandas.testing.assert_frame_equal(pandas.read_parquet(path), whole)
    assert str(whole["started_at"].dtype) == "datetime64[us, UTC]"
    assert whole["started_at"].is_monotonic_increasing


def test_a_day_without_plays_has_the_same_columns(tonearm: Tonearm) -> None:
    nothing = tonearm.plays("2010-01-01", "2010-01-02")
    assert list(nothing.columns) == list(tonearm.plays().columns)
    assert totals(nothing)["listens"] == 0
    assert clock(nothing).shape == (7, 24)
    assert top(nothing).empty


def test_what_was_left_out_or_is_somebody_elses_does_not_come_and_what_counts_together_is_one(
    tonearm: Tonearm, listener: Listener, client: TestClient, sign_in: Callable[..., Listener]
) -> None:
    whole = tonearm.plays()
    left_out, *_ = listener.get("/analysis/top/artists?span=all").json()["items"]
    assert listener.put(f"/hidden-artists/{left_out['id']}").status_code == 204
    without = tonearm.plays()
    assert len(without) == len(whole) - left_out["plays"]
    assert left_out["name"] not in set(without["artist"])
    one, other, *_ = listener.get("/analysis/top/tracks?span=all").json()["items"]
    merged = listener.post("/recordings/merges", {"pairs": [{"track_id": one["id"], "into": other["id"]}]})
    assert merged.status_code in (200, 201), merged.text
    together = top(tonearm.plays(), "tracks", 100)
    assert one["name"] not in set(together["title"])
    assert together.set_index("title").loc[other["name"], "listens"] == one["listens"] + other["listens"]
    ben = sign_in("ben")
    assert ben.get("/plays.ndjson").text == ""
    with pytest.raises(Refused, match="sign-in"):
        Tonearm(tonearm._address, "7f1d9a4e-0000-4000-8000-000000000000").plays()
    for header in ("Token", "Token  ", "token x", "Basic YTpi"):
        assert client.get("/api/v1/plays.ndjson", headers={"Authorization": header}).status_code == 401
    assert client.get("/api/v1/plays.ndjson?since=yesterday", headers=ben.headers).status_code == 422
