"""What is only partly known is told so: lengths, the span before, guests, genres."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from platform_api.crud import enrichment, genres, hiding, incoming, users
from platform_api.crud.enrichment import Credit, Details
from platform_api.db.session import Sessions
from platform_api.models import Album, Play, TrackArtist, User
from platform_api.models.listening import CAPTURED_S
from platform_api.services.analytics import questions
from platform_api.services.analytics.genres import genres as genres_of
from platform_api.services.analytics.questions import resolve
from platform_api.services.analytics.ways import ways as ways_of
from platform_api.services.wraps import build_wrap
from tests.support.histories import extended_row, listen, new_user, write_rows
from tests.support.people import Listener
from tests.support.stored_history import Heard, put_history

NOON = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)


def on_days(artist: str, title: str, first: datetime, days: int) -> list[Heard]:
    return [Heard(artist, title, first + timedelta(days=day)) for day in range(days)]


def test_lengths_that_nobody_told_are_counted_apart(session: Session) -> None:
    user = new_user(session)
    write_rows(session, user.id, [extended_row(NOON + timedelta(minutes=4 * at), at) for at in range(3)])
    scrobbles = [listen(NOON + timedelta(hours=2), 20, length_ms=180_000), listen(NOON + timedelta(hours=3), 21)]
    write_rows(session, user.id, scrobbles, "listenbrainz")
    captured = [Heard("Nina", "Fog", NOON + timedelta(days=1), seconds=150, source="spotify_api")]
    put_history(session, user.id, captured)
    session.execute(update(Play).where(Play.source == "spotify_api").values(precision_s=CAPTURED_S))
    users.bump_data_version(session, user.id)
    told = questions.totals(session, user, resolve(session, user, "2024-05"))
    assert told.uncertain.model_dump() == {"by_track_plays": 2, "by_track_ms": 330_000, "least_plays": 1}
    assert told.ms_played == 3 * 200_000 + 180_000 + 30_000 + 150_000
    of_a_day = questions.totals(session, user, resolve(session, user, "2024-05-18"))
    assert of_a_day.uncertain.model_dump() == {"by_track_plays": 1, "by_track_ms": 150_000, "least_plays": 0}
    exact = questions.totals(session, user, resolve(session, user, "2023"))
    assert exact.uncertain.model_dump() == {"by_track_plays": 0, "by_track_ms": 0, "least_plays": 0}


def test_skips_are_told_of_the_plays_that_tell_them(session: Session) -> None:
    """Of Song 1 a few plays tell it and many do not; of Song 2 none does. Before, somebody who skips 4 of 10 was told
    to skip 4 of 40, and to be loyal to what nothing is known about."""
    user = new_user(session)
    exported = [extended_row(NOON + timedelta(minutes=5 * at), 1) for at in range(6)]
    exported += [extended_row(NOON + timedelta(minutes=30 + at), 3, 4_000, skipped=True) for at in range(4)]
    write_rows(session, user.id, exported)
    scrobbles = [listen(NOON + timedelta(days=20, minutes=5 * at), 1 + at % 3) for at in range(30)]
    write_rows(session, user.id, scrobbles, "listenbrainz")
    wrap = build_wrap(session, user, "2024")
    assert (wrap.skipped_share, wrap.most_skipped and wrap.most_skipped.plays) == (0.4, 4)
    assert wrap.never_skipped is not None
    assert (wrap.never_skipped.tracks, wrap.never_skipped.track.name, wrap.never_skipped.plays) == (1, "Song 1", 6)
    told = ways_of(session, user, resolve(session, user, "2024"))
    assert (told.skips, told.skips_known, told.plays, told.skip_share) == (4, 10, 40, 0.4)
    assert [(each.track.name, each.times, each.plays) for each in told.most_skipped] == [("Song 3", 4, 4)]
    assert [(each.plays, each.known, each.skips) for each in told.points] == [(10, 10, 4), (30, 0, 0)]
    silent = build_wrap(session, user, "2024-06")
    assert (silent.skipped_share, silent.never_skipped, silent.most_skipped) == (None, None, None)


def test_a_span_of_which_little_is_known_is_not_compared_with_unless_asked(session: Session) -> None:
    user = new_user(session)
    put_history(session, user.id, on_days("Nina", "Fog", datetime(2023, 11, 20, 12, tzinfo=UTC), 400))

    def compared(span: str, against: str | None = None) -> str | None:
        other = resolve(session, user, against) if against else None
        told = questions.totals(session, user, resolve(session, user, span), other)
        top = questions.top(session, user, resolve(session, user, span), "tracks", against=other)
        assert (told.previous_span is None) == (top.previous_span is None) == (told.previous is None)
        return told.previous_span.text if told.previous_span else None

    assert compared("2024") is None  # six weeks of 2023 are known
    assert compared("2023-12") is None
    assert compared("2024-02") == "2024-01"
    assert compared("2024", "2023") == "2023"
    assert compared("2025-03") == "2025-02"  # a silence after the first play is known


def credit(session: Session, track_id: int, artist_id: int) -> None:
    session.add(TrackArtist(track_id=track_id, artist_id=artist_id, position=1))
    session.flush()


def test_guests_are_ranked_for_themselves(session: Session) -> None:
    user = new_user(session)
    plays = on_days("Nina", "Fog", NOON, 3) + on_days("Nina", "Mist", NOON, 2) + on_days("Ola", "Rain", NOON, 1)
    ids = put_history(session, user.id, plays)
    whole = resolve(session, user, "all")
    artists = {item.name: item.id for item in questions.top(session, user, whole, "artists").items}
    credit(session, ids["Fog"], artists["Ola"])
    credit(session, ids["Mist"], artists["Ola"])
    (ola,) = questions.top(session, user, whole, "guests").items
    assert (ola.name, ola.listens, ola.rank) == ("Ola", 5, 1)
    counted = {item.name: item.listens for item in questions.top(session, user, whole, "artists").items}
    assert counted == {"Nina": 5, "Ola": 1}, "counted once, for the artist of the track"
    incoming.hold_history(session, user.id)
    hiding.hide(session, user.id, artists["Ola"])
    assert questions.top(session, user, whole, "guests").items == []


def genres_told(session: Session, user: User) -> dict[str, tuple[int, float]]:
    answer = genres_of(session, user, resolve(session, user, "all"))
    return {item.genre: (item.listens, item.share) for item in answer.items}


def test_genres_are_those_of_the_files(session: Session) -> None:
    user, other = new_user(session), new_user(session)
    plays = on_days("Nina", "Fog", NOON, 3) + on_days("Nina", "Mist", NOON, 1) + on_days("Ola", "Rain", NOON, 4)
    ids = put_history(session, user.id, plays)
    assert genres_told(session, user) == {}
    genres.told(session, [ids["Fog"]], None, ["Dub", "Ambient"])
    genres.told(session, [ids["Mist"]], None, ["dub"])
    genres.told(session, [ids["Rain"]], other.id, ["Noise"])  # an upload of somebody else
    known = genres_of(session, user, resolve(session, user, "all"))
    assert (known.listens, known.known, known.known_share) == (8, 4, 0.5)
    assert genres_told(session, user) == {"Dub": (4, 1.0), "Ambient": (3, 0.75)}
    genres.told(session, [ids["Fog"]], None, ["Ambient"])
    genres.told(session, [ids["Rain"]], user.id, ["Noise"])
    assert genres_told(session, user) == {"Noise": (4, 0.5), "Ambient": (3, 0.375), "dub": (1, 0.125)}


def test_genres_move_against_the_span_before(session: Session) -> None:
    user = new_user(session)
    before, now = datetime(2023, 3, 1, 12, tzinfo=UTC), datetime(2024, 3, 1, 12, tzinfo=UTC)
    plays = [
        *on_days("Nina", "Fog", before, 3), *on_days("Ola", "Rain", before + timedelta(hours=1), 1),
        *on_days("Nina", "Fog", now, 1), *on_days("Ola", "Rain", now + timedelta(hours=1), 3),
        *on_days("Pim", "Hail", now + timedelta(hours=2), 1),
    ]  # fmt: skip
    ids = put_history(session, user.id, plays)
    for track, genre in (("Fog", "Dub"), ("Rain", "Noise"), ("Hail", "Jazz")):
        genres.told(session, [ids[track]], None, [genre])
    this_year, last_year = (resolve(session, user, year) for year in ("2024", "2023"))
    answer = genres_of(session, user, this_year, last_year)
    moved = [(item.genre, item.share, item.previous_rank, item.previous_share) for item in answer.items]
    assert moved == [("Noise", 0.6, 2, 0.25), ("Dub", 0.2, 1, 0.75), ("Jazz", 0.2, None, 0.0)]
    assert answer.previous_span is not None
    assert answer.previous_span.text == "2023"
    (first, *_) = genres_of(session, user, last_year).items
    assert (first.genre, first.previous_rank, first.previous_share) == ("Dub", None, None), "2022 is not known"


def test_a_new_genre_is_told_at_once(sign_in: Callable[..., Listener], sessions: Sessions) -> None:
    ada = sign_in("ada")
    with sessions.begin() as session:
        ids = put_history(session, ada.id, on_days("Nina", "Fog", NOON, 3))
    assert ada.get("/analysis/genres").json()["known"] == 0
    with sessions.begin() as session:
        genres.told(session, [ids["Fog"]], None, ["Dub"])
    assert [item["genre"] for item in ada.get("/analysis/genres").json()["items"]] == ["Dub"]


def test_what_the_catalogue_learns_is_told_at_once(sign_in: Callable[..., Listener], sessions: Sessions) -> None:
    """For a day Explore went on saying that release years are unknown and lengths estimated, and that there were no
    guests; and for a day after the last one left Spotify it showed what was Spotify's."""
    ada = sign_in("ada")
    with sessions.begin() as session:
        ids = put_history(session, ada.id, [Heard("Nina", "Fog", NOON, album="Weather")])
        album = session.scalars(select(Album.name_key)).one()

    def told() -> tuple[int, int, int, int]:
        eras = ada.get("/analysis/eras").json()
        ways = ada.get("/analysis/ways").json()
        guests = ada.get("/analysis/top/guests").json()
        story = ada.get(f"/tracks/{ids['Fog']}/story").json()
        known = eras["known"], ways["completion"]["known_length"]
        return (*known, len(guests["items"]), len(story["credited"]))

    before = told()
    credits = [Credit("artist:nina", "Nina", "a" * 22), Credit("artist:ola", "Ola", "b" * 22)]
    details = Details(200_000, None, album, None, None, date(1999, 1, 1), "day", credits)
    with sessions.begin() as session:
        enrichment.fill(session, ids["Fog"], details, NOON)
    assert (before, told()) == ((0, 0, 0, 1), (1, 1, 1, 2))
    with sessions.begin() as session:
        enrichment.forget_all(session)
    assert told() == before
