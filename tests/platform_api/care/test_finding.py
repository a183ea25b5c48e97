"""Search over one's own library, and the stories of a track, an artist and an album."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from platform_api.db.session import Sessions
from platform_api.models import Artist
from platform_api.services.analytics.story import play_story, subject
from tests.platform_api.care.seeing import BEGAN, heard
from tests.support.histories import extended_row, new_user, write_rows
from tests.support.people import Listener
from tests.support.stored_history import put_history, put_library, song


def test_search_folds_case_and_accents_and_ranks_by_listens(listener: Listener, sessions: Sessions) -> None:
    with sessions.begin() as session:
        put_history(
            session,
            listener.id,
            heard("Beyoncé", "Déjà Vu", 1, 2, album="B’Day")
            + heard("Sigur Rós", "Svefn-g-englar", 3)
            + heard("Vu", "100% Sure_thing", 4)
            + heard("Mira", "Vujà", 5, 6, 7),
        )

    def names(q: str) -> list[str]:
        found = listener.get("/library/search", params={"q": q}).json()
        return [each["track"]["name"] for each in found["tracks"]]

    assert names("deja") == ["Déjà Vu"]
    assert names("VU BEYONCE") == ["Déjà Vu"]
    assert names("vu")[0] == "Vujà"
    assert names("100%") == ["100% Sure_thing"]
    assert names("_") == ["100% Sure_thing"]
    assert names("   ") == []
    assert names("\\") == []
    found = listener.get("/library/search", params={"q": "BEYONCE"}).json()
    assert [(each["name"], each["listens"]) for each in found["artists"]] == [("Beyoncé", 2)]
    assert [(each["name"], each["artist"]["name"]) for each in found["albums"]] == [("B’Day", "Beyoncé")]
    assert found["albums"][0]["last_played_at"].startswith("2023-03-03")
    assert listener.get("/library/search", params={"q": "x" * 201}).status_code == 422


def test_the_story_of_a_track_an_artist_and_an_album(listener: Listener, sessions: Sessions) -> None:
    minutes = 1 / (24 * 60)
    with sessions.begin() as session:
        ids = put_history(
            session,
            listener.id,
            heard("Mira", "Before", 0, 10)
            + heard("Mira", "It", 4 * minutes, 10 + 4 * minutes, 11, 12, 300, album="Salt")
            + heard("Ola", "After", 8 * minutes, 12 + 4 * minutes)
            + heard("Ola", "Most", *(20 + 5 * minutes * number for number in range(9))),
        )
    story = listener.get(f"/tracks/{ids['It']}/story").json()
    assert [each["track"]["name"] for each in story["first"]["before"]] == ["Before"]
    assert [each["track"]["name"] for each in story["first"]["after"]] == ["After"]
    assert [(each["track"]["name"], each["times"]) for each in story["played_after"]] == [("Before", 2)]
    assert [(each["track"]["name"], each["times"]) for each in story["played_before"]] == [("After", 2)]
    assert [(year["year"], year["rank"], year["listens"]) for year in story["years"]] == [(2023, 2, 5)]
    assert story["longest_streak"]["days"] == 3
    assert [each["silent_days"] for each in story["comebacks"]] == [287]
    assert sum(cell["listens"] for cell in story["week"]) == 5
    assert story["skip_share"] == 0
    album = listener.get(f"/tracks/{ids['It']}").json()["album"]
    detail = listener.get(f"/albums/{album['id']}").json()
    assert (detail["album"]["name"], detail["listens"], len(detail["tracks"])) == ("Salt", 5, 1)
    assert listener.get(f"/albums/{album['id']}/story").json()["overall_rank"] == 1
    artist_id = listener.get(f"/tracks/{ids['It']}").json()["artist"]["id"]
    of_artist = listener.get(f"/artists/{artist_id}/story").json()
    assert [each["album"]["name"] for each in of_artist["albums"]] == ["Salt"]
    assert of_artist["years"][0]["listens"] == 7
    assert listener.get("/albums/999999999").status_code == 404


def test_what_was_never_played_has_an_empty_story(listener: Listener, sessions: Sessions) -> None:
    with sessions.begin() as session:
        (track_id,) = put_library(session, [song("A", "Unheard")])
    story = listener.get(f"/tracks/{track_id}/story").json()
    assert (story["first"], story["years"], story["overall_rank"], story["skip_share"]) == (None, [], None, None)
    assert listener.get("/recordings/suggestions").json() == {"items": [], "pairs": 0}
    assert listener.get("/recordings/merges").json() == {"items": []}


def test_an_album_tells_only_what_counts_for_it(listener: Listener, sessions: Sessions) -> None:
    """The remaster's album said "no plays" above a list in which a track had three."""
    with sessions.begin() as session:
        ids = put_history(
            session,
            listener.id,
            heard("Mira", "Fog", 1, 2, album="Salt")
            + heard("Mira", "Fog - Remaster", 3, album="Salt (Deluxe)")
            + heard("Mira", "Rain", 4, album="Salt (Deluxe)"),
        )
    pairs = [{"track_id": ids["Fog - Remaster"], "into": ids["Fog"]}]
    assert listener.post("/recordings/merges", {"pairs": pairs, "why": "name"}).status_code == 200
    album = listener.get(f"/tracks/{ids['Rain']}").json()["album"]
    detail = listener.get(f"/albums/{album['id']}").json()
    assert [(each["track"]["name"], each["listens"]) for each in detail["tracks"]] == [("Rain", 1)]
    assert detail["listens"] == sum(each["listens"] for each in detail["tracks"])


def test_a_podcast_is_ranked_among_podcasts(session: Session) -> None:
    """The favourite podcast was number 3 of the year, after two artists of whom its list knows nothing."""
    user = new_user(session)
    write_rows(session, user.id, [extended_row(BEGAN + timedelta(minutes=5 * at), 1 + at % 12) for at in range(40)])
    episodes = [
        extended_row(
            BEGAN + timedelta(days=1 + at), master_metadata_track_name=None, spotify_track_uri=None,
            master_metadata_album_artist_name=None, master_metadata_album_album_name=None, episode_name="Pilot",
            episode_show_name="A Show", spotify_episode_uri="spotify:episode:0000000000000000000007",
        )
        for at in range(3)
    ]  # fmt: skip
    write_rows(session, user.id, episodes)
    show = session.scalars(select(Artist.id).where(Artist.name == "A Show")).one()
    told = play_story(session, subject(session, user, "artists", show))
    assert told["overall_rank"] == 1
    assert [(year.rank, year.among) for year in told["years"]] == [(1, 1)]
