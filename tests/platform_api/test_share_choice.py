"""A link shows what its maker chose and nothing else: as data, as a page for chats, and as a picture."""

import io
import itertools
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from platform_api.core.settings import Settings
from platform_api.main import create_app
from platform_api.schemas.shown_wraps import EVERYTHING
from platform_api.services.wraps import lettering, page, picture
from tests.support.histories import bring_and_work, extended_row, extended_zip
from tests.support.people import Listener

NAMES = {"name": "Ada", "artists": "Zaunkönig", "tracks": "Morgenlied"}
"""A word that appears only where that choice was made."""


@pytest.fixture
def year(sign_in: Callable[..., Listener], settings: Settings) -> Listener:
    """2023 and 2024 with something of every moment of a wrap; every name holds the word of its kind."""
    listener = sign_in("ada", time_zone="Europe/Prague")
    rows: list[Any] = []

    def add(first: datetime, track: int, count: int, every: timedelta, artist: int, **fields: Any) -> None:
        named: dict[str, Any] = {
            "master_metadata_track_name": f"Morgenlied {track}",
            "master_metadata_album_artist_name": f"Zaunkönig {artist}",
            "master_metadata_album_album_name": f"Morgenlied Sammlung {artist}",
        }
        rows.extend(extended_row(first + every * at, track, **named, **fields) for at in range(count))

    add(datetime(2023, 2, 1, 12, tzinfo=UTC), 1, 60, timedelta(hours=9), artist=1)
    add(datetime(2023, 5, 1, 12, tzinfo=UTC), 2, 9, timedelta(hours=9), artist=2)
    add(datetime(2024, 1, 9, 12, tzinfo=UTC), 3, 30, timedelta(days=3), artist=3)
    add(datetime(2024, 6, 1, 20, tzinfo=UTC), 2, 9, timedelta(minutes=5), artist=2)
    add(datetime(2024, 7, 7, 20, tzinfo=UTC), 4, 40, timedelta(minutes=60), artist=3)
    for other in range(6):
        add(datetime(2024, 9, 9, 8 + other, tzinfo=UTC), 50 + other, 2, timedelta(minutes=5), artist=50 + other)
    add(datetime(2024, 10, 1, 1, tzinfo=UTC), 5, 5, timedelta(minutes=2), 3, ms_played=4_000, skipped=True)
    bring_and_work(listener, settings, extended_zip(rows))
    listener.patch("/me", {"display_name": "Ada"})
    return listener


def opened(year: Listener, client: TestClient, shows: list[str]) -> tuple[dict[str, Any], str]:
    """The wrap behind a new link, and everything else that the link answers as one text."""
    made = year.post("/shares", {"span": "2024", "shows": shows}).json()
    answer = client.get(f"/api/v1/shares/{made['token']}")
    return answer.json()["wrap"], answer.text + client.get(f"/s/{made['token']}").text


def test_private_sessions_are_in_nothing_that_leaves_the_account(
    listener: Listener, settings: Settings, client: TestClient
) -> None:
    """They led the card of a shared year."""
    began = datetime(2024, 3, 1, 20, tzinfo=UTC)
    rows = [extended_row(began + timedelta(days=at), 1) for at in range(5)]
    secret: dict[str, Any] = {"master_metadata_track_name": "Secret", "master_metadata_album_artist_name": "Secret"}
    rows += [extended_row(began + timedelta(days=at, hours=1), 2, **secret, incognito_mode=True) for at in range(9)]
    bring_and_work(listener, settings, extended_zip(rows))
    own = listener.get("/wraps/2024/shown").json()
    assert (own["top_tracks"][0]["name"], own["amounts"]["listens"]) == ("Secret", 14)
    shows = {"shows": list(EVERYTHING)}
    preview = listener.get("/wraps/2024/shown", params=shows).json()
    made = listener.post("/shares", {"span": "2024", **shows}).json()
    linked = client.get(f"/api/v1/shares/{made['token']}").json()["wrap"]
    posted = listener.post("/posts", {"text": "my year", "span": "2024"}).json()["wrap"]
    assert linked == preview
    for wrap in (linked, posted):
        assert "Secret" not in str(wrap)
        assert wrap["amounts"]["listens"] == 5
    assert listener.get("/wraps/2024/shown").json() == own


def test_everything_is_there_where_everything_was_chosen(year: Listener, client: TestClient) -> None:
    wrap, told = opened(year, client, list(EVERYTHING))
    empty = [name for name, value in wrap.items() if value in (None, [], {}) and name != "shift"]
    assert empty == ["silent"] or not empty, empty
    assert all(word in told for word in NAMES.values())
    assert wrap["burst"]["track"]["name"] == "Morgenlied 4"
    assert wrap["strange_day"] == {
        "day": "2024-09-09", "listens": 12, "in_all": 12, "artists": 6, "artist": "Zaunkönig 50",
    }  # fmt: skip
    assert wrap["fell_silent"] == {"artist": "Zaunkönig 1", "rank_before": 1, "listens_before": 60, "listens": 0}
    assert [phase["artist"] for phase in wrap["phases"]] == [
        "Zaunkönig 3",
        "Zaunkönig 2",
        "Zaunkönig 3",
        "Zaunkönig 50",
    ]
    assert wrap["comebacks"][0]["artist"] == "Zaunkönig 2"


@pytest.mark.parametrize("hidden", EVERYTHING)
def test_what_was_not_chosen_leaves_no_trace(year: Listener, client: TestClient, hidden: str) -> None:
    wrap, told = opened(year, client, [choice for choice in EVERYTHING if choice != hidden])
    assert hidden not in wrap["shows"]
    if hidden in NAMES:
        assert NAMES[hidden] not in told
    texts = [str(value) for _, value in leaves(wrap)]
    paths = {path for path, value in leaves(wrap) if value is not None}
    if hidden == "days":
        dates = [text for text in texts if re.match(r"\d{4}-\d{2}-\d{2}", text)]
        spans = {"2024-01-01", "2024-12-31", "2023-01-01", "2023-12-31"}
        assert set(dates) == {*spans, wrap["told_on"]}, "the span and the one before, and the day of counting"
    if hidden == "hours":
        assert not any("T" in text and re.match(r"\d{4}-", text) for text in texts)
        assert wrap["hours"] == []
        assert wrap["time_zone"] is None
    if hidden == "skips":
        assert not any("skip" in path or "finished" in path for path in paths)
    if hidden == "amounts":
        numbers = {path.split(".")[-1] for path, value in leaves(wrap) if type(value) is int}
        assert numbers == {"bright", "deep", "rank", "days", "silent_days", "weekday", "hour", "previous_rank"}
        assert "minutes" not in client.get(f"/s/{year.get('/shares').json()['items'][0]['token']}").text


def test_all_time_without_days_tells_whole_years(year: Listener, client: TestClient) -> None:
    """The first and the last day of a whole history are days on which somebody listened."""
    for shows, days in ((["artists"], ("2023-01-01", "2024-12-31")), (["days"], ("2023-02-01", "2024-10-01"))):
        made = year.post("/shares", {"span": "all", "shows": shows}).json()
        span = client.get(f"/api/v1/shares/{made['token']}").json()["wrap"]["span"]
        assert (span["first_day"], span["last_day"]) == days


def test_one_choice_alone_shows_that_alone(year: Listener, client: TestClient) -> None:
    for only in EVERYTHING:
        wrap, told = opened(year, client, [only])
        assert wrap["shows"] == [only]
        assert [word for kind, word in NAMES.items() if kind != only and word in told] == []


def test_the_owner_sees_beforehand_what_the_link_will_show(year: Listener, client: TestClient) -> None:
    wrap, _ = opened(year, client, ["tracks", "days"])
    assert year.get("/wraps/2024/shown?shows=days&shows=tracks").json() == wrap


@pytest.mark.parametrize("shows", [[], ["everything"], ["amounts"] * 8, "amounts"])
def test_no_choice_and_unknown_choices_are_refused(listener: Listener, shows: Any) -> None:
    assert listener.post("/shares", {"span": "2024", "shows": shows}).status_code == 422


@contextmanager
def a_page(html: bytes) -> Iterator[str]:
    """A web server that has one page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_chat_reads_title_and_picture_from_the_head(sign_in: Callable[..., Listener], settings: Settings) -> None:
    html = (
        b'<html><head><title>Tonearm</title><meta name="description" content="x" /></head><body id="app"></body></html>'
    )
    made = sign_in("eve").post("/shares", {"span": "2024-05"}).json()
    with a_page(html) as address:
        app = settings.app.model_copy(update={"page_url": address, "public_url": "https://music.example"})
        with TestClient(create_app(settings.model_copy(update={"app": app}))) as client:
            answer = client.get(f"/s/{made['token']}")
            gone = client.get("/s/nothing")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" not in answer.headers["content-security-policy"], "the page could not run"
    assert '<body id="app">' in answer.text
    assert answer.text.count("<title>") == 1
    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', answer.text))
    assert told["url"] == f"https://music.example/s/{made['token']}"
    assert told["image"] == f"https://music.example/api/v1/shares/{made['token']}/card.png"
    assert told["title"].startswith("May 2024, as ")
    assert 'content="summary_large_image"' in answer.text
    assert 'content="noindex"' in answer.text
    assert gone.status_code == 404
    assert '<body id="app">' in gone.text
    assert "og:" not in gone.text


def test_a_name_is_text_in_the_head_too(sign_in: Callable[..., Listener], client: TestClient) -> None:
    listener = sign_in("mal")
    listener.patch("/me", {"display_name": '"><script>alert(1)</script>'})
    made = listener.post("/shares", {"span": "2024"}).json()
    answer = client.get(f"/s/{made['token']}")
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_card_is_a_picture_until_the_link_is_gone(year: Listener, client: TestClient) -> None:
    made = year.post("/shares", {"span": "2024"}).json()
    answer = client.get(f"/api/v1/shares/{made['token']}/card.png")
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    few = year.post("/shares", {"span": "2024", "shows": ["days"]}).json()
    assert client.get(f"/api/v1/shares/{few['token']}/card.png").content != answer.content
    assert year.delete(f"/shares/{made['id']}").status_code == 204
    assert client.get(f"/api/v1/shares/{made['token']}/card.png").status_code == 404


def test_the_card_draws_only_what_was_chosen(
    year: Listener, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = lettering.Face.draw

    def note(face: lettering.Face, on: Any, words: str, *given: Any) -> None:
        drawn.append(words)
        draw(face, on, words, *given)

    monkeypatch.setattr(lettering.Face, "draw", note)
    for only in EVERYTHING:
        drawn.clear()
        picture._drawn.cache_clear()
        made = year.post("/shares", {"span": "2024", "shows": [only]}).json()
        assert client.get(f"/api/v1/shares/{made['token']}/card.png").status_code == 200
        words = " ".join(drawn)
        assert [word for kind, word in NAMES.items() if kind != only and word in words] == [], only
        assert (NAMES[only] in words) if only in ("name", "artists") else words


def test_the_page_and_the_picture_have_the_same_colours() -> None:
    tokens = (Path(__file__).parents[2] / "frontend/src/styles/tokens.css").read_text()
    assert tuple(int(hue) for hue in re.findall(r"--hue-\d: (\d+);", tokens)) == picture.HUES


def test_without_the_page_a_plain_one_stands_in() -> None:
    source = page.PageSource("http://127.0.0.1:9")
    assert source.html() is None
    source.close()
    assert "<h1>This link plays no more</h1>" in page.page_of_nothing(None)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value below, with the names that lead to it."""
    if isinstance(value, dict):
        parts = value.items()
        yield from itertools.chain.from_iterable(leaves(one, f"{path}.{name}".lstrip(".")) for name, one in parts)
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(leaves(one, path) for one in value)
    else:
        yield path, value
