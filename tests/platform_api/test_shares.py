"""Links that show one wrap to whoever holds them."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.services.community.shares import forget_expired_links
from platform_api.services.inference.client import InferenceClient
from tests.support.people import Listener

SignIn = Callable[..., Listener]


def share(listener: Listener, **body: Any) -> dict[str, Any]:
    answer = listener.post("/shares", {"span": "2024", **body})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_link_opens_for_anybody_until_it_is_revoked(listener: Listener, client: TestClient) -> None:
    made = share(listener, days=7)
    assert made["url"] == f"http://127.0.0.1:7700/s/{made['token']}"
    opened = client.get(f"/api/v1/shares/{made['token']}")
    assert opened.status_code == 200
    assert opened.json()["wrap"]["span"]
    assert "email" not in opened.text
    assert [one["id"] for one in listener.get("/shares").json()["items"]] == [made["id"]]
    assert listener.delete(f"/shares/{made['id']}").status_code == 204
    assert client.get(f"/api/v1/shares/{made['token']}").status_code == 404
    assert listener.get("/shares").json()["items"] == []


def test_an_expired_link_shows_nothing_and_is_forgotten(
    listener: Listener, client: TestClient, settings: Settings, sessions: Sessions
) -> None:
    made = share(listener)
    with sessions.begin() as session:
        session.execute(text("UPDATE shares SET expires_at = now() - interval '1 second'"))
    answer = client.get(f"/api/v1/shares/{made['token']}")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:tonearm:problem:link-gone")
    assert listener.get("/shares").json()["items"] == []
    share(listener)
    with sessions.begin() as session:
        forget_expired_links(session, settings, InferenceClient(settings.inference))
        assert session.scalars(text("SELECT token FROM shares WHERE expires_at < now()")).all() == []
        assert session.scalar(text("SELECT count(*) FROM shares")) == 1


def test_only_the_owner_revokes(listener: Listener, sign_in: SignIn, client: TestClient) -> None:
    made = share(listener)
    assert sign_in("ben").delete(f"/shares/{made['id']}").status_code == 404
    assert client.get(f"/api/v1/shares/{made['token']}").status_code == 200


def test_what_is_kept_means_the_same_days_for_ever(listener: Listener, client: TestClient, sessions: Sessions) -> None:
    """ "The last 28 days" are others tomorrow, and a year that ran was counted until a day."""
    made = share(listener, span="last-28-days")
    opened = client.get(f"/api/v1/shares/{made['token']}").json()
    days = opened["wrap"]["span"]
    assert opened["span"] == made["span"] == days["text"] == f"{days['first_day']}..{days['last_day']}"
    assert opened["wrap"]["told_on"] == days["last_day"]
    post = listener.post("/posts", {"text": "", "span": "last-28-days"}).json()
    assert post["span"] == post["wrap"]["span"]["text"] == days["text"]
    with sessions.begin() as session:  # as an older release kept it
        session.execute(
            text("""
            UPDATE shares SET created_at = '2024-03-09 12:00+00', span = 'last-28-days',
            wrap = jsonb_set(wrap, '{span,text}', '"last-28-days"') - 'told_on'
        """)
        )
    old = client.get(f"/api/v1/shares/{made['token']}").json()
    assert (old["span"], old["wrap"]["told_on"]) == (days["text"], "2024-03-09")
    assert listener.get("/shares").json()["items"][0]["span"] == days["text"]


@pytest.mark.parametrize("body", [{"days": 0}, {"days": 366}, {"span": ""}, {"span": "soon"}, {"token": "mine"}])
def test_bad_shares_are_refused(listener: Listener, body: dict[str, Any]) -> None:
    assert listener.post("/shares", {"span": "2024", **body}).status_code == 422


def test_tokens_are_long_and_different(listener: Listener) -> None:
    tokens = {share(listener)["token"] for _ in range(5)}
    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 32
