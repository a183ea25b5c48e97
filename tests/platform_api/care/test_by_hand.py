"""Care for one's own history through the API: same recordings, hidden artists, plays by hand, search and stories."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from tests.support.histories import (
    account_row,
    bring_and_work,
    extended_row,
    extended_zip,
    track_uri,
    work,
    zipped,
)
from tests.support.people import Listener
from tests.support.stored_history import Heard, put_catalogue, put_history, song

BEGAN = datetime(2023, 3, 1, 18, 0, tzinfo=UTC)


def heard(artist: str, title: str, *days: float, album: str | None = None) -> list[Heard]:
    return [Heard(artist, title, BEGAN + timedelta(days=day), album=album) for day in days]


def told(listener: Listener) -> dict[str, Any]:
    """What the listener sees of everything that counts."""
    paths = ["/analysis/totals", "/analysis/top/tracks", "/analysis/top/artists", "/analysis/clock", "/plays?limit=200"]
    answers = {path: listener.get(path) for path in paths}
    assert all(answer.status_code == 200 for answer in answers.values()), answers
    return {path: answer.json() for path, answer in answers.items()}


def stored(sessions: Sessions) -> list[Any]:
    """What counts, and as what."""
    with sessions() as session:
        counted = text("SELECT * FROM counted_plays ORDER BY user_id, played_track_id, ended_at")
        return list(map(tuple, session.execute(counted)))


def test_one_recording_on_two_albums(listener: Listener, sessions: Sessions) -> None:
    with sessions.begin() as session:
        put_history(
            session,
            listener.id,
            heard("Mira Sol", "Undertow", 1, 2, 3)
            + heard("Mira Sol", "Undertow - 2011 Remaster", 4)
            + heard("Mira Sol", "Undertow (feat. Ola)", 5)
            + heard("Mira Sol", "Undertow - Live", 6)
            + heard("Grey Harbour", "Undertow", 7),
        )
    before, counted = told(listener), stored(sessions)
    found = listener.get("/recordings/suggestions").json()
    (suggestion,) = found["items"]
    assert (suggestion["track"]["name"], suggestion["track"]["artist"]["name"]) == ("Undertow", "Mira Sol")
    assert {each["track"]["name"] for each in suggestion["others"]} == {
        "Undertow - 2011 Remaster",
        "Undertow (feat. Ola)",
    }
    into = suggestion["track"]["id"]
    pairs = [{"track_id": each["track"]["id"], "into": into} for each in suggestion["others"]]
    merged = listener.post("/recordings/merges", {"pairs": pairs, "why": "name"}).json()["track_ids"]
    assert sorted(merged) == sorted(pair["track_id"] for pair in pairs)
    top = listener.get("/analysis/top/tracks").json()["items"]
    assert (top[0]["id"], top[0]["listens"]) == (into, 5)
    assert listener.get("/recordings/suggestions").json() == {"items": [], "pairs": 0}
    away = listener.get(f"/tracks/{pairs[0]['track_id']}").json()
    assert (away["track"]["id"], away["listens"]) == (into, 5)
    assert len(listener.get(f"/plays?track_id={pairs[0]['track_id']}").json()["items"]) == 5
    story = listener.get(f"/tracks/{into}/story").json()
    assert len(story["together"]) == 2
    assert {each["track"]["name"] for each in story["other_versions"]} == {"Undertow - Live"}
    assert listener.post("/recordings/splits", {"track_ids": merged}).json() == {"split": 2}
    assert told(listener) == before
    assert stored(sessions) == counted
    assert listener.post("/recordings/refusals", {"pairs": pairs}).status_code == 204
    assert listener.get("/recordings/suggestions").json()["pairs"] == 0
    apart = listener.get("/recordings/refusals").json()["items"]
    assert {frozenset((each["track"]["id"], each["other"]["id"])) for each in apart} == {
        frozenset(pair.values()) for pair in pairs
    }
    assert listener.post("/recordings/refusals/taken-back", {"pairs": pairs[:1]}).status_code == 204
    assert listener.get("/recordings/suggestions").json()["pairs"] == 1


def test_a_song_told_by_name_only_is_suggested_as_the_one_with_an_address(
    listener: Listener, settings: Settings
) -> None:
    exact = [extended_row(BEGAN + timedelta(days=day), 7) for day in (1, 2)]
    by_name = [account_row(BEGAN + timedelta(days=40), 7), account_row(BEGAN + timedelta(days=1), 7)]
    bring_and_work(listener, settings, zipped({"StreamingHistory_music_0.json": by_name}))
    bring_and_work(listener, settings, extended_zip(exact))
    assert listener.get("/analysis/totals?span=all").json()["plays"] == 3  # one of them was told both ways
    (suggestion,) = listener.get("/recordings/suggestions").json()["items"]
    assert suggestion["track"]["key"] == track_uri(7)
    assert [(each["track"]["name"], each["why"]) for each in suggestion["others"]] == [("Song 7", "name")]
    pair = {"track_id": suggestion["others"][0]["track"]["id"], "into": suggestion["track"]["id"]}
    listener.post("/recordings/refusals", {"pairs": [pair]})
    bring_and_work(listener, settings, zipped({"StreamingHistory_music_0.json": by_name}))
    assert listener.get("/recordings/suggestions").json()["pairs"] == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Help! - Remastered 2009", "Help!", True),
        ("Help! (Remastered)", "Help! - 2009 Digital Remaster", True),
        ("Don’t Stop", "Don't Stop", True),
        ("Song [feat. B] - Remastered", "Song", True),
        ("Song - Album Version", "Song (Explicit)", True),
        ("Song - Live", "Song", False),
        ("Song - Live - Remastered", "Song", False),
        ("Song (Live at X) [2011 Remaster]", "Song - Remastered", False),
        ("Song - X Remix", "Song", False),
        ("Song - Radio Edit", "Song", False),
        ("Song (Acoustic)", "Song", False),
        ("Song (Demo)", "Song (Remastered)", False),
        ("Song - Mono", "Song - Stereo", False),
        ("Song, Pt. 1", "Song, Pt. 2", False),
        ("Song - 2021 Re-recorded", "Song", False),
        ("Remaster", "Explicit", False),
        ("1999", "1999 - Remastered 1999", True),
    ],
)
def test_which_titles_may_be_one_recording(session: Session, one: str, other: str, same: bool) -> None:
    title = text("SELECT recording_title(:one) = recording_title(:other)")
    assert session.scalar(title, {"one": one.casefold(), "other": other.casefold()}) is same


def test_lengths_that_differ_are_other_recordings_and_an_isrc_is_one(listener: Listener, sessions: Sessions) -> None:
    with sessions.begin() as session:
        ids = put_history(
            session,
            listener.id,
            heard("A", "One", 1, 2)
            + heard("A", "One (Remastered)", 3)
            + heard("B", "Two", 4, 6)
            + heard("C", "Zwei", 5),
        )
        session.execute(text("UPDATE tracks SET duration_ms = 200000 WHERE id = :id"), {"id": ids["One"]})
        session.execute(text("UPDATE tracks SET duration_ms = 260000 WHERE id = :id"), {"id": ids["One (Remastered)"]})
        session.execute(text("UPDATE tracks SET isrc = 'X' WHERE name IN ('Two', 'Zwei')"))
    (suggestion,) = listener.get("/recordings/suggestions").json()["items"]
    assert (suggestion["track"]["name"], suggestion["others"][0]["why"]) == ("Two", "isrc")


def test_a_hidden_artist_is_nowhere_and_comes_back(listener: Listener, sessions: Sessions, settings: Settings) -> None:
    with sessions.begin() as session:
        put_history(
            session, listener.id, heard("Lullabies", "Sleep", 1, 2, 3, 30) + heard("Mira Sol", "Undertow", 4, 5)
        )
    before, counted = told(listener), stored(sessions)
    artist_id = next(each["id"] for each in before["/analysis/top/artists"]["items"] if each["name"] == "Lullabies")
    assert listener.put(f"/hidden-artists/{artist_id}").status_code == 204
    assert listener.put(f"/hidden-artists/{artist_id}").status_code == 204
    row = extended_row(
        BEGAN + timedelta(days=40), 5, master_metadata_album_artist_name="Lullabies", master_metadata_track_name="Moon"
    )
    imported = bring_and_work(listener, settings, extended_zip([row]))
    assert imported["totals"]["accepted"] == 1
    after = told(listener)
    assert "Lullabies" not in str(after)
    assert after["/analysis/totals"]["plays"] == 2
    assert listener.get("/library/search?q=sleep").json() == {"tracks": [], "artists": [], "albums": []}
    assert "Lullabies" not in listener.get("/wraps/2023").text
    for wish in ("comfort", "discover", "rediscover"):
        assert "Lullabies" not in listener.get(f"/recommendations?wish={wish}").text
    story = listener.get(f"/artists/{artist_id}/story").json()
    assert (story["hidden"], story["hidden_plays"]) == (True, 5)
    (shown,) = listener.get("/hidden-artists").json()["items"]
    assert (shown["artist"]["name"], shown["plays"]) == ("Lullabies", 5)
    listener.delete(f"/imports/{imported['id']}")
    work(settings)
    assert listener.delete(f"/hidden-artists/{artist_id}").status_code == 204
    assert told(listener) == before
    assert stored(sessions) == counted
    assert listener.put(f"/hidden-artists/{10**9}").status_code == 404


def test_plays_deleted_corrected_and_added_by_hand(
    listener: Listener, sessions: Sessions, sign_in: Callable[..., Listener]
) -> None:
    with sessions.begin() as session:
        ids = put_history(session, listener.id, heard("A", "One", 1, 2, 3) + heard("A", "Two", 4))
    before, counted = told(listener), stored(sessions)
    rows = before["/plays?limit=200"]["items"]
    chosen = [{"track_id": row["played_track_id"], "ended_at": row["ended_at"]} for row in rows]
    gone = listener.post("/plays/deletions", {"plays": chosen[:2]}).json()
    assert (gone["kind"], gone["plays"]) == ("deleted", 2)
    assert told(listener)["/analysis/totals"]["plays"] == 2
    assert listener.post("/plays/deletions", {"plays": chosen[:2]}).status_code == 404
    moved = listener.post(
        "/plays/corrections",
        {"play": chosen[3], "track_id": ids["Two"], "started_at": "2022-12-31T23:30:00Z"},
    )
    assert moved.status_code == 200, moved.text
    latest = listener.get("/plays").json()["items"][-1]
    assert (latest["track"]["name"], latest["started_at"]) == ("Two", "2022-12-31T23:30:00Z")
    added = listener.post("/plays", {"track_id": ids["One"], "started_at": "2024-02-29T12:00:00Z"})
    assert added.status_code == 201, added.text
    newest = listener.get("/plays?span=2024-02-29").json()["items"]
    assert [(row["source"], row["ms_played"]) for row in newest] == [("manual", 180_000)]
    again = listener.post("/plays", {"track_id": ids["One"], "started_at": "2024-02-29T12:00:00Z"})
    assert again.status_code == 409
    changes = listener.get("/plays/changes").json()["items"]
    assert [change["kind"] for change in changes] == ["added", "corrected", "deleted"]
    stranger = sign_in("ben")
    assert stranger.delete(f"/plays/changes/{changes[0]['id']}").status_code == 404
    assert stranger.post("/plays/deletions", {"plays": chosen}).status_code == 404
    for change in changes:
        assert listener.delete(f"/plays/changes/{change['id']}").status_code == 204
        assert listener.delete(f"/plays/changes/{change['id']}").status_code == 204
    assert told(listener) == before
    assert stored(sessions) == counted
    assert listener.get("/plays/changes").json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"track_id": 1, "started_at": "2999-01-01T00:00:00Z"},
        {"track_id": 1, "started_at": "2024-01-01T00:00:00"},
        {"track_id": 10**12, "started_at": "2024-01-01T00:00:00Z"},
        {"track_id": 1, "started_at": "1999-01-01T00:00:00Z"},
        {"track_id": 1, "started_at": "2024-01-01T00:00:00Z", "ms_played": -1},
        {"track_id": 1, "started_at": "2024-01-01T00:00:00Z", "user_id": 2},
    ],
)
def test_a_play_that_cannot_be_is_refused(listener: Listener, sessions: Sessions, body: dict[str, Any]) -> None:
    with sessions.begin() as session:
        put_history(session, listener.id, heard("A", "One", 1))
    assert listener.post("/plays", body).status_code == 422


def test_a_change_under_another_change_waits(listener: Listener, sessions: Sessions) -> None:
    with sessions.begin() as session:
        ids = put_history(session, listener.id, heard("A", "One", 1))
    (row,) = listener.get("/plays").json()["items"]
    ref = {"track_id": row["played_track_id"], "ended_at": row["ended_at"]}
    first = listener.post("/plays/corrections", {"play": ref, "started_at": "2023-01-01T00:00:00Z"}).json()
    second = listener.post(
        "/plays/deletions", {"plays": [{"track_id": ids["One"], "ended_at": "2023-01-01T00:03:20Z"}]}
    ).json()
    assert listener.delete(f"/plays/changes/{first['id']}").status_code == 409
    assert listener.delete(f"/plays/changes/{second['id']}").status_code == 204
    assert listener.delete(f"/plays/changes/{first['id']}").status_code == 204
    assert listener.get("/plays").json()["items"] == [row]


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
        (track_id,) = put_catalogue(session, [song("A", "Unheard")])
    story = listener.get(f"/tracks/{track_id}/story").json()
    assert (story["first"], story["years"], story["overall_rank"], story["skip_share"]) == (None, [], None, None)
    assert listener.get("/recordings/suggestions").json() == {"items": [], "pairs": 0}
    assert listener.get("/recordings/merges").json() == {"items": []}
