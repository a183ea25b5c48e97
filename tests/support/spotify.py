"""The stand-in for Spotify in this process, with a clock that tests move, and a listener's way through it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx

from demo.spotify.accounts import Account, Accounts
from demo.spotify.app import create_stand_in
from demo.spotify.faults import Faults
from demo.spotify.music import Music
from platform_api.core.settings import Settings
from platform_api.crud import jobs as job_rows
from platform_api.db.session import Sessions
from platform_api.models import SpotifyLink
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import JobContext, enqueue
from platform_api.services.spotify import linking
from platform_api.utils.cache import Cache
from tests.support.live import serving

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
CLIENT_ID = "app-of-the-tests"
Handler = Callable[[JobContext, Callable[[], datetime]], None]
KEY = "1ZCuDZxZbDjQ3NIcY1wVYzXo0uWJt6mM1q8kd1Fh2Wk="


@dataclass
class Clock:
    """A moment that is moved by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class StandIn:
    """The running stand-in and everything inside it."""

    url: str
    accounts: Accounts
    faults: Faults
    clock: Clock
    music: Music

    def account(self, name: str = "one") -> Account:
        return self.accounts.people.get(name) or self.accounts.add(Account(name, f"Account {name}"))

    def says_yes(self, address: str, account: Account, decision: str = "agree") -> dict[str, str]:
        """What a browser brings back after the person decided on the page at `address`."""
        asked = dict(parse_qsl(urlsplit(address).query))
        page = httpx.get(address)
        assert page.status_code == 200, page.text
        form = {**asked, "account": account.account_id, "decision": decision}
        answer = httpx.post(f"{self.url}/authorize", data=form)
        assert answer.status_code == 303, answer.text
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def export_row(self, ended_at: datetime, track: int, ms_played: int) -> dict[str, object]:
        """How Spotify's export tells a play of this track."""
        found = self.music.catalogue.tracks[track]
        return {
            "ts": ended_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ms_played": ms_played,
            "master_metadata_track_name": found.name,
            "master_metadata_album_artist_name": self.music.catalogue.artist_of(found).name,
            "master_metadata_album_album_name": self.music.catalogue.album_of(found).name,
            "spotify_track_uri": found.uri,
            "reason_start": "trackdone",
            "reason_end": "trackdone",
            "skipped": False,
            "offline": False,
        }

    def scrobble(self, started_at: datetime, track: int, artist: str | None = None) -> dict[str, object]:
        """How a scrobbler tells the same, by this artist."""
        row = self.export_row(started_at, track, 0)
        told = {
            "track_name": row["master_metadata_track_name"],
            "artist_name": artist or row["master_metadata_album_artist_name"],
            "release_name": row["master_metadata_album_album_name"],
        }
        return {"listened_at": int(started_at.timestamp()), "track_metadata": told}

    def length(self, track: int) -> int:
        return self.music.catalogue.tracks[track].duration_ms


@contextmanager
def running_stand_in(music: Music) -> Iterator[Callable[[], StandIn]]:
    """Each call forgets everything: accounts, faults, time."""
    app = create_stand_in(Accounts(music, Clock()), Faults(), CLIENT_ID)
    with serving(app) as url:

        def fresh() -> StandIn:
            clock, faults = Clock(), Faults()
            app.state.doors.accounts, app.state.doors.faults = Accounts(music, clock), faults
            return StandIn(url, app.state.doors.accounts, faults, clock, music)

        yield fresh


def settings_with(stand_in: StandIn, settings: Settings, **spotify: object) -> Settings:
    values = {
        "client_id": CLIENT_ID, "token_keys": KEY, "api_url": stand_in.url, "accounts_url": stand_in.url,
        "timeout_s": 2, **spotify,
    }  # fmt: skip
    return settings.model_copy(update={"spotify": type(settings.spotify).model_validate(values)})


@dataclass
class Surroundings:
    """What a job meets, for one database."""

    settings: Settings
    sessions: Sessions
    stand_in: StandIn
    cache: Cache = field(init=False)
    inference: InferenceClient = field(init=False)

    def __post_init__(self) -> None:
        self.cache = Cache(self.settings.redis.url.get_secret_value())
        self.inference = InferenceClient(self.settings.inference)

    @property
    def now(self) -> datetime:
        return self.stand_in.clock.now

    def connect(self, user_id: int, account: Account) -> None:
        address = linking.begin(self.sessions, self.settings, user_id, self.now)
        back = self.stand_in.says_yes(address, account)
        linking.finish(self.sessions, self.settings, user_id, back["code"], back["state"], self.stand_in.clock)

    def run(self, handler: Handler, user_id: int, settings: Settings | None = None) -> None:
        """Does one job of this listener as a worker would, by the stand-in's clock."""
        with self.sessions.begin() as session:
            enqueue(session, "a_test", user_id=user_id)
        with self.sessions.begin() as session:
            job = job_rows.claim(session, "tests", ["a_test"], 15)
        assert job is not None
        context = JobContext(job, settings or self.settings, self.sessions, self.inference, self.cache)
        handler(context, self.stand_in.clock)
        with self.sessions.begin() as session:
            assert job_rows.finish(session, job)

    def link(self, user_id: int) -> SpotifyLink:
        with self.sessions() as session:
            return session.get_one(SpotifyLink, user_id)
