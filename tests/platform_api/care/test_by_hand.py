"""Artists left out, and plays deleted, corrected and added by hand, through the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from tests.platform_api.care.seeing import BEGAN, heard, stored, told
from tests.support.histories import (
    bring_and_work,
    extended_row,
    extended_zip,
    work,
)
from tests.support.people import Listener
from tests.support.stored_history import put_history


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


def test_every_change_by_hand_can_be_taken_back_not_only_the_latest(listener: Listener, sessions: Sessions) -> None:
    with sessions.begin() as session:
        put_history(session, listener.id, heard("A", "One", *range(1, 8)))
    for row in listener.get("/plays").json()["items"]:
        ref = {"track_id": row["played_track_id"], "ended_at": row["ended_at"]}
        assert listener.post("/plays/deletions", {"plays": [ref]}).status_code == 200
    first = listener.get("/plays/changes?limit=4").json()
    second = listener.get(f"/plays/changes?limit=4&before={first['next_before']}").json()
    assert [len(first["items"]), len(second["items"]), second["next_before"]] == [4, 3, None]
    assert first["total"] == second["total"] == 7
    assert listener.delete(f"/plays/changes/{second['items'][-1]['id']}").status_code == 204
    assert listener.get("/plays/changes").json()["total"] == 6


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
    again = listener.post("/plays/deletions", {"plays": chosen[:2]})
    assert (again.status_code, again.json()) == (200, gone), "asked again because the answer was lost"
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
        {"track_id": 1, "started_at": "9999-12-31T23:59:00Z"},
        {"track_id": 1, "started_at": "9999-12-31T23:59:00-14:00"},
        {"track_id": 1, "started_at": "0001-01-01T00:00:00+14:00"},
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


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:00Z", "9999-12-31T23:59:00-14:00", "0001-01-01T00:00:00+14:00"])
def test_moments_at_the_ends_of_the_calendar_are_refused_in_words(
    listener: Listener, sessions: Sessions, moment: str
) -> None:
    with sessions.begin() as session:
        ids = put_history(session, listener.id, heard("A", "One", 1))
    (row,) = listener.get("/plays").json()["items"]
    ref = {"track_id": row["played_track_id"], "ended_at": row["ended_at"]}
    nowhere = {"track_id": ids["One"], "ended_at": moment}
    assert listener.post("/plays/corrections", {"play": ref, "started_at": moment}).status_code == 422
    assert listener.post("/plays/corrections", {"play": nowhere, "ms_played": 1}).status_code == 404
    assert listener.post("/plays/deletions", {"plays": [nowhere]}).status_code == 404
    assert listener.get("/plays", params={"before": moment}).status_code in {200, 422}
    assert listener.get("/plays").json()["items"] == [row]


def deleted(listener: Listener) -> int:
    """Deletes the only play; the change."""
    (row,) = listener.get("/plays").json()["items"]
    chosen = [{"track_id": row["played_track_id"], "ended_at": row["ended_at"]}]
    return int(listener.post("/plays/deletions", {"plays": chosen}).json()["id"])


def test_a_deletion_taken_back_brings_nothing_that_an_undone_import_told(
    listener: Listener, settings: Settings
) -> None:
    """Before, a play appeared that nobody tells any more."""
    imported = bring_and_work(listener, settings, extended_zip([extended_row(BEGAN)]))
    change = deleted(listener)
    listener.delete(f"/imports/{imported['id']}")
    work(settings)
    assert listener.delete(f"/plays/changes/{change}").status_code == 204
    assert listener.get("/plays").json()["items"] == []
    assert bring_and_work(listener, settings, extended_zip([extended_row(BEGAN)]))["totals"]["accepted"] == 1


def test_a_deletion_taken_back_brings_what_another_import_told_as_well(listener: Listener, settings: Settings) -> None:
    first = bring_and_work(listener, settings, extended_zip([extended_row(BEGAN)]))
    bring_and_work(listener, settings, extended_zip([extended_row(BEGAN), extended_row(BEGAN, 2, 1000)], "other.json"))
    rows = [row for row in listener.get("/plays").json()["items"] if row["ms_played"] == 200_000]
    chosen = [{"track_id": row["played_track_id"], "ended_at": row["ended_at"]} for row in rows]
    change = listener.post("/plays/deletions", {"plays": chosen}).json()["id"]
    listener.delete(f"/imports/{first['id']}")
    work(settings)
    assert len(listener.get("/plays").json()["items"]) == 1
    assert listener.delete(f"/plays/changes/{change}").status_code == 204
    assert sorted(row["ms_played"] for row in listener.get("/plays").json()["items"]) == [1000, 200_000]
