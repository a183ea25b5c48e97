"""The same recording on several albums, through the API: suggested, counted together, taken apart again."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from tests.platform_api.care.seeing import BEGAN, heard, stored, told
from tests.support.histories import (
    account_row,
    bring_and_work,
    extended_row,
    extended_zip,
    track_uri,
    zipped,
)
from tests.support.people import Listener
from tests.support.stored_history import put_history


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
