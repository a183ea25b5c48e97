"""Who gets in where, over every route the application has: a route without a rule here fails.

The routes are read from the application itself. Asked are its owner, another listener, somebody signed in without an
account, somebody whose account is deleted, and nobody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import text

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.main import create_app
from platform_api.models import Track
from tests.support.belongings import fill_every_table
from tests.support.people import Emulator, Listener
from tests.support.stored_history import Heard, put_history

SignIn = Callable[..., Listener]

PUBLIC = "for everybody"
SIGNED_IN = "needs a sign-in, not an account"
OWN = "answers about the asker, names nothing that somebody else could own"
MET = "names something of the catalogue, told to whoever has met it"
COMMON = "names a person, or takes back what was said of something in the catalogue"

BY_TOKEN = "opened by a personal token alone, below /1: tests/platform_api/scrobbling/test_who_gets_in.py"


@dataclass(frozen=True)
class Owned:
    """Names something that belongs to one listener (a table of the database); others are told there is nothing."""

    table: str
    body: dict[str, Any] | None = None


RULES: dict[str, str | Owned] = {
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /api/v1/openapi.json": PUBLIC,
    "GET /api/v1/config": PUBLIC,
    "GET /api/v1/status": PUBLIC,
    "GET /api/v1/shares/{token}": PUBLIC,
    "GET /api/v1/shares/{token}/card.png": PUBLIC,
    "GET /s/{token}": PUBLIC,
    "POST /api/v1/auth/session": SIGNED_IN,
    "GET /api/v1/me": OWN,
    "PATCH /api/v1/me": OWN,
    "DELETE /api/v1/me": SIGNED_IN,
    "GET /api/v1/imports": OWN,
    "POST /api/v1/imports": OWN,
    "GET /api/v1/imports/{import_id}": Owned("imports"),
    "GET /api/v1/imports/{import_id}/events": Owned("imports"),
    "GET /api/v1/imports/{import_id}/rejects": Owned("imports"),
    "GET /api/v1/imports/{import_id}/rows": Owned("imports"),
    "DELETE /api/v1/imports/{import_id}": Owned("imports"),
    "GET /api/v1/analysis/spans": OWN,
    "GET /api/v1/analysis/totals": OWN,
    "GET /api/v1/analysis/top/{kind}": OWN,
    "GET /api/v1/analysis/clock": OWN,
    "GET /api/v1/analysis/calendar": OWN,
    "GET /api/v1/analysis/timeline": OWN,
    "GET /api/v1/analysis/streaks": OWN,
    "GET /api/v1/analysis/sessions": OWN,
    "GET /api/v1/analysis/ways": OWN,
    "GET /api/v1/analysis/places": OWN,
    "GET /api/v1/analysis/discovery": OWN,
    "GET /api/v1/analysis/rediscovery": OWN,
    "GET /api/v1/analysis/obsessions": OWN,
    "GET /api/v1/analysis/milestones": OWN,
    "GET /api/v1/analysis/leaders": OWN,
    "GET /api/v1/analysis/this-day": OWN,
    "GET /api/v1/analysis/variety": OWN,
    "GET /api/v1/analysis/eras": OWN,
    "GET /api/v1/analysis/genres": OWN,
    "GET /api/v1/plays": OWN,
    "POST /api/v1/plays": OWN,
    "POST /api/v1/plays/deletions": OWN,
    "POST /api/v1/plays/corrections": OWN,
    "GET /api/v1/plays/changes": OWN,
    "DELETE /api/v1/plays/changes/{change_id}": Owned("play_changes"),
    "GET /api/v1/recordings/suggestions": OWN,
    "GET /api/v1/recordings/merges": OWN,
    "POST /api/v1/recordings/merges": OWN,
    "POST /api/v1/recordings/splits": OWN,
    "GET /api/v1/recordings/refusals": OWN,
    "POST /api/v1/recordings/refusals": OWN,
    "POST /api/v1/recordings/refusals/taken-back": OWN,
    "GET /api/v1/hidden-artists": OWN,
    "PUT /api/v1/hidden-artists/{artist_id}": MET,
    "DELETE /api/v1/hidden-artists/{artist_id}": MET,
    "GET /api/v1/library/search": OWN,
    "GET /api/v1/wraps/{span}": OWN,
    "GET /api/v1/wraps/{span}/shown": OWN,
    "GET /api/v1/recommendations": OWN,
    "GET /api/v1/recommendations/loved": OWN,
    "GET /api/v1/recommendations/hidden": OWN,
    "PUT /api/v1/recommendations/feedback/{track_id}": MET,
    "DELETE /api/v1/recommendations/feedback/{track_id}": COMMON,
    "GET /api/v1/tracks/{track_id}": MET,
    "GET /api/v1/tracks/{track_id}/similar": MET,
    "GET /api/v1/artists/{artist_id}": MET,
    "GET /api/v1/sound/sources": OWN,
    "POST /api/v1/sound/uploads": OWN,
    "DELETE /api/v1/sound/uploads/{source_id}": Owned("sound_sources"),
    "GET /api/v1/tracks/{track_id}/story": MET,
    "GET /api/v1/artists/{artist_id}/story": MET,
    "GET /api/v1/albums/{album_id}": MET,
    "GET /api/v1/albums/{album_id}/story": MET,
    "GET /api/v1/habits": OWN,
    "GET /api/v1/habits/days": OWN,
    "GET /api/v1/habits/patterns": OWN,
    "GET /api/v1/stories/{span}": OWN,
    "POST /api/v1/stories/{span}": OWN,
    "GET /api/v1/people": OWN,
    "GET /api/v1/people/followers": OWN,
    "DELETE /api/v1/people/followers/{handle}": COMMON,
    "GET /api/v1/people/following": OWN,
    "GET /api/v1/people/blocked": OWN,
    "GET /api/v1/people/{handle}": COMMON,
    "GET /api/v1/people/{handle}/taste": COMMON,
    "PUT /api/v1/people/{handle}/follow": COMMON,
    "DELETE /api/v1/people/{handle}/follow": COMMON,
    "PUT /api/v1/people/{handle}/block": COMMON,
    "DELETE /api/v1/people/{handle}/block": COMMON,
    "GET /api/v1/feed": OWN,
    "POST /api/v1/posts": OWN,
    "GET /api/v1/posts/{post_id}": Owned("posts"),
    "DELETE /api/v1/posts/{post_id}": Owned("posts"),
    "POST /api/v1/posts/{post_id}/comments": Owned("posts", {"text": "hi"}),
    "PUT /api/v1/posts/{post_id}/reactions/{kind}": Owned("posts"),
    "DELETE /api/v1/posts/{post_id}/reactions/{kind}": Owned("posts"),
    "DELETE /api/v1/comments/{comment_id}": Owned("comments"),
    "GET /api/v1/notifications": OWN,
    "POST /api/v1/notifications/read": OWN,
    "GET /api/v1/shares": OWN,
    "POST /api/v1/shares": OWN,
    "DELETE /api/v1/shares/{share_id}": Owned("shares"),
    "GET /api/v1/plays.ndjson": OWN,
    "GET /api/v1/export": OWN,
    "POST /api/v1/export/link": OWN,
    "GET /api/v1/export/{ticket}": PUBLIC,
    "GET /api/v1/tokens": OWN,
    "POST /api/v1/tokens": OWN,
    "DELETE /api/v1/tokens/{token_id}": Owned("api_tokens"),
    "GET /api/v1/now-playing": OWN,
    "POST /1/submit-listens": BY_TOKEN,
    "GET /1/validate-token": BY_TOKEN,
    "GET /1/user/{user_name}/listens": BY_TOKEN,
    "GET /1/user/{user_name}/playing-now": BY_TOKEN,
    "GET /1/user/{user_name}/listen-count": BY_TOKEN,
    "GET /1/latest-import": BY_TOKEN,
    "POST /1/latest-import": BY_TOKEN,
    "POST /1/delete-listen": BY_TOKEN,
    "GET /api/v1/spotify": OWN,
    "POST /api/v1/spotify/authorisation": OWN,
    "POST /api/v1/spotify/link": OWN,
    "PATCH /api/v1/spotify/link": OWN,
    "DELETE /api/v1/spotify/link": OWN,
    "POST /api/v1/spotify/look": OWN,
    "GET /api/v1/playlists": OWN,
    "POST /api/v1/playlists": OWN,
    "GET /api/v1/playlists/{playlist_id}": Owned("playlists"),
    "PATCH /api/v1/playlists/{playlist_id}": Owned("playlists", {"name": "mine now"}),
    "DELETE /api/v1/playlists/{playlist_id}": Owned("playlists"),
    "POST /api/v1/playlists/{playlist_id}/tracks": Owned("playlists", {"track_ids": [1]}),
}


def routes_of(app: FastAPI) -> Iterator[str]:
    for route in iter_route_contexts(app.routes):
        for method in sorted(set(route.methods or ()) - {"HEAD"}):
            yield f"{method} {route.path}"


def ask(
    client: TestClient, route: str, headers: dict[str, str], object_id: int = 1, body: Any = None
) -> httpx2.Response:
    """Every name in the path is filled; only `Owned` ids matter."""
    method, path = route.split(" ")
    words = {"span": "2024", "kind": "tracks" if "/top/" in path else "like", "handle": "ada", "token": "none"}
    for name, word in words.items():
        path = path.replace(f"{{{name}}}", word)
    while "{" in path:
        path = path[: path.index("{")] + str(object_id) + path[path.index("}") + 1 :]
    return client.request(method, path, headers=headers, json=body, params={"file_name": "a.zip"})


@pytest.fixture
def owner(sign_in: SignIn, sessions: Sessions) -> Listener:
    """Ada, with something in every table; her import is done, so that watching it ends."""
    ada, ben = sign_in("ada"), sign_in("ben")
    with sessions.begin() as session:
        fill_every_table(session, ada.id, ben.id)
        session.execute(text("DELETE FROM follows"))
        session.execute(text("DELETE FROM blocks"))
        session.execute(text("UPDATE imports SET state = 'done', finished_at = now()"))
        session.execute(text("DELETE FROM jobs"))
    return ada


def owned_ids(sessions: Sessions, owner: Listener) -> dict[str, int]:
    with sessions() as session:
        return {
            table: session.scalar(text(f"SELECT min(id) FROM {table} WHERE {column} = {owner.id}"))
            for table, column in [
                ("imports", "user_id"), ("posts", "author_id"), ("comments", "author_id"), ("shares", "user_id"),
                ("playlists", "user_id"), ("sound_sources", "user_id"), ("api_tokens", "user_id"),
                ("play_changes", "user_id"),
            ]
        }  # fmt: skip


def owned_routes() -> list[tuple[str, Owned]]:
    """Reading before changing, deleting last and what lies inside first, so that each finds what it names."""
    owned = [(route, rule) for route, rule in RULES.items() if isinstance(rule, Owned)]
    return sorted(owned, key=lambda pair: (pair[0].startswith("DELETE"), -len(pair[0])))


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    routes = set(routes_of(create_app(Settings())))
    assert routes - RULES.keys() == set(), "say in RULES who gets in there"
    assert RULES.keys() - routes == set(), "these routes are gone"


def test_nobody_gets_in_where_a_sign_in_is_needed(client: TestClient) -> None:
    for route, rule in RULES.items():
        if rule == BY_TOKEN:
            continue
        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic YTpi"}, {"Cookie": "session=x"}):
            answer = ask(client, route, headers)
            if rule == PUBLIC:
                assert answer.status_code not in {401, 403}, route
            else:
                assert answer.status_code == 401, route
                assert answer.headers["www-authenticate"] == "Bearer"


def test_a_sign_in_without_an_account_opens_nothing(client: TestClient, emulator: Emulator) -> None:
    _, token = emulator.sign_up("nobody-yet")
    for route, rule in RULES.items():
        if rule not in (PUBLIC, SIGNED_IN, BY_TOKEN):
            assert ask(client, route, {"Authorization": f"Bearer {token}"}).status_code == 403, route


def test_a_deleted_account_opens_nothing(client: TestClient, emulator: Emulator, sign_in: SignIn) -> None:
    somebody = sign_in(emulator.sign_up_somebody())
    assert somebody.delete("/me").status_code == 204
    for route, rule in RULES.items():
        if rule not in (PUBLIC, SIGNED_IN, BY_TOKEN):
            assert ask(client, route, somebody.headers).status_code in {401, 403}, route


def test_others_are_told_there_is_nothing(
    client: TestClient, owner: Listener, sign_in: SignIn, sessions: Sessions
) -> None:
    stranger = sign_in("cleo")
    ids = owned_ids(sessions, owner)
    for route, rule in owned_routes():
        answer = ask(client, route, stranger.headers, ids[rule.table], rule.body)
        assert answer.status_code == 404, (route, answer.text)
    assert owned_ids(sessions, owner) == ids


def test_owners_get_in(client: TestClient, owner: Listener, sessions: Sessions) -> None:
    ids = owned_ids(sessions, owner)
    for route, rule in owned_routes():
        answer = ask(client, route, owner.headers, ids[rule.table], rule.body)
        assert answer.status_code < 300, (route, answer.text)


def test_listeners_get_in_where_they_ask_about_themselves(client: TestClient, listener: Listener) -> None:
    for route, rule in RULES.items():
        if rule in (OWN, COMMON, MET):
            answer = ask(client, route, listener.headers)
            assert answer.status_code not in {401, 403, 405}, route
            assert answer.status_code < 500 or answer.status_code == 503, (route, answer.text)


def test_what_one_person_plays_is_nothing_to_others(client: TestClient, sign_in: SignIn, sessions: Sessions) -> None:
    """Ids count upwards: whoever asked for the next one read what somebody had just put on."""
    ben, stranger = sign_in("ben"), sign_in("cleo")
    with sessions.begin() as session:
        play = Heard("Grey Harbour", "Undertow", datetime(2024, 5, 17, tzinfo=UTC), album="Tides")
        (track_id,) = put_history(session, ben.id, [play]).values()
        track = session.get_one(Track, track_id)
        ids = {"{track_id}": track_id, "{artist_id}": track.artist_id, "{album_id}": track.album_id}
    for route, rule in RULES.items():
        if rule == MET:
            object_id = next(id_ for name, id_ in ids.items() if name in route)
            assert object_id is not None
            body = {"verdict": "love"} if "feedback" in route else None
            told = ask(client, route, stranger.headers, object_id, body)
            assert (told.status_code, told.text) == (404, ask(client, route, stranger.headers, 10**9, body).text), route
            assert ask(client, route, ben.headers, object_id, body).status_code < 300, route
