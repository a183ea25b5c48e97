"""Markup in every text that a person or an export can bring, shown on every page of a real browser: inert.

The proof is the browser's own: a script, an event handler or a `javascript:` address that ran would have set
`window.struck`, opened a dialog or asked for the address in the image; and no element of ours comes out of a text.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Dialog, Page, Request
from sqlalchemy import text

from platform_api.db.session import Sessions
from tests.support.histories import bring, extended_row, listen, until_done, zipped
from tests.support.pages import enter
from tests.support.people import Listener

HOSTILE = [
    "<img src=/struck onerror=window.struck=1>",
    "<script>window.struck=1</script>",
    '"><svg onload=window.struck=1>',
    "javascript:window.struck=1//",
    "{{constructor.constructor('window.struck=1')()}}",
    "</title></textarea><iframe srcdoc='<script>parent.struck=1</script>'>",
]
NOW = datetime.now(UTC).replace(microsecond=0)
PAGES = [
    "/home", "/import", "/community", "/playlists", "/loved", "/notifications", "/settings", "/for-you", "/habits",
    "/explore/when", "/explore/what", "/explore/how", "/explore/new", "/wraps", "/people/{handle}", "/tracks/{track}",
    "/artists/{artist}", "/albums/{album}", "/playlists/{playlist}", "/wrap/{year}", "/story/{year}", "/history",
    "/recordings", "/sound", "/posts/{post}", "/top/tracks", "/top/artists", "/s/{token}",
]  # fmt: skip
OF_A_TEXT = "img[src*=struck], iframe[srcdoc], [onerror], [onload], a[href^='javascript:' i]"
SAY_NOTHING_OF_IT = {"/wraps", "/sound", "/recordings", "/import", "/explore/how", "/habits", "/for-you"}
"""Pages on which none of these names has a place, or only after more plays than these."""


def hostile_row(at: int) -> dict[str, object]:
    name = HOSTILE[at % len(HOSTILE)]
    return extended_row(
        NOW - timedelta(days=2, minutes=5 * at), at, master_metadata_track_name=f"{name} {at}",
        master_metadata_album_artist_name=name, master_metadata_album_album_name=name, platform=name,
    )  # fmt: skip


@pytest.fixture
def hostile(product: str, sign_in: Callable[..., Listener]) -> Listener:  # noqa: ARG001
    ada, ben = sign_in("ada"), sign_in("ben")
    rows: list[object] = [hostile_row(at) for at in range(60)]
    rows.append({**hostile_row(3), "ts": "not a time"})
    until_done(ada, bring(ada, zipped({"Streaming_History_Audio_2024_0.json": rows}), "x<img src=x>.zip"))
    assert ada.patch("/me", {"display_name": HOSTILE[0]}).status_code == 200
    assert ben.patch("/me", {"display_name": HOSTILE[2]}).status_code == 200
    track = ada.get("/plays?limit=1").json()["items"][0]["track"]["id"]
    assert ada.put(f"/recommendations/feedback/{track}", {"verdict": "love"}).status_code == 200
    for name in HOSTILE:
        made = ada.post("/tokens", {"name": name})
        assert made.status_code == 201
        assert ada.post("/playlists", {"name": name, "description": name, "track_ids": [track]}).status_code == 201
        post = ada.post("/posts", {"text": f"{name} https://a.example/{name}"}).json()
        assert ben.put(f"/people/{ada.handle}/follow").status_code < 300
        assert ben.post(f"/posts/{post['id']}/comments", {"text": name}).status_code == 201
    now = {"listen_type": "playing_now", "payload": [{"track_metadata": listen(NOW)["track_metadata"]}]}
    told = now["payload"][0]["track_metadata"]  # type: ignore[index]
    told.update(track_name=HOSTILE[0], artist_name=HOSTILE[2], release_name=HOSTILE[1])
    sent = ada.client.post("/1/submit-listens", json=now, headers={"Authorization": f"Token {made.json()['token']}"})
    assert sent.status_code == 200
    return ada


def test_markup_in_every_text_is_only_text(page: Page, hostile: Listener, sessions: Sessions) -> None:
    struck: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        struck.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def look(request: Request) -> None:
        if "struck" in request.url and "/src/" not in request.url:
            struck.append(request.url)

    page.on("dialog", dismiss)
    page.on("request", look)
    enter(page, "ada")

    with sessions() as session:
        track, artist, album = session.execute(
            text("SELECT tracks.id, artist_id, album_id FROM tracks JOIN plays ON track_id = tracks.id LIMIT 1")
        ).one()
    playlist = hostile.get("/playlists").json()
    first = (playlist["items"] if isinstance(playlist, dict) else playlist)[0]["id"]
    post = hostile.get("/feed").json()["items"][0]["id"]
    token = hostile.post("/shares", {"span": str(NOW.year)}).json()["token"]
    names = {
        "handle": hostile.handle, "track": track, "artist": artist, "album": album, "playlist": first, "post": post,
        "token": token, "year": NOW.year,
    }  # fmt: skip
    silent: set[str] = set()
    for path in PAGES:
        page.goto(path.format(**names))
        page.wait_for_load_state("networkidle")
        words = page.locator("body").inner_text()
        if not any(name[:12] in words for name in HOSTILE):
            silent.add(path)
        assert page.evaluate("window.struck") is None, path
        assert page.locator(OF_A_TEXT).count() == 0, path
    assert struck == []
    assert silent <= SAY_NOTHING_OF_IT, "a page that does not show the texts proves little"
