"""The doors of the stand-in: /authorize and /api/token as on accounts.spotify.com, /v1 as on api.spotify.com."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from demo.spotify.accounts import Accounts, Consent, OAuthRefusal
from demo.spotify.faults import Faults
from demo.spotify.music import cover
from demo.spotify.pages import consent_page, refusal_page

MOST_PLAYS = 50
RECENT_SCOPE = "user-read-recently-played"
GONE = ("audio-features", "audio-analysis", "recommendations", "browse", "users", "me/player/queue")


def create_stand_in(accounts: Accounts, faults: Faults | None = None, client_id: str | None = None) -> Starlette:
    """`client_id`: the one app that is known; None: any."""
    doors = Doors(accounts, faults or Faults(), client_id)
    app = Starlette(
        routes=[
            Route("/authorize", doors.authorize),
            Route("/authorize", doors.decide, methods=["POST"]),
            Route("/api/token", doors.token, methods=["POST"]),
            Route("/v1/me", doors.me),
            Route("/v1/me/", doors.me),
            Route("/v1/me/player/recently-played", doors.recently_played),
            Route("/v1/tracks/{spotify_id}", doors.track),
            Route("/v1/{rest:path}", doors.gone),
            Route("/covers/{album_id}/{size}.svg", doors.cover),
            Route("/", doors.front),
        ]
    )
    app.state.doors = doors
    return app


class Doors:
    """One method per door."""

    def __init__(self, accounts: Accounts, faults: Faults, client_id: str | None) -> None:
        self.accounts = accounts
        self.faults = faults
        self.client_id = client_id

    async def front(self, _: Request) -> Response:
        return HTMLResponse(refusal_page("It runs on this machine and shows nothing here."))

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        wrong = self._wrong(asked)
        if wrong:
            return HTMLResponse(refusal_page(wrong), status_code=400)
        return HTMLResponse(consent_page(list(self.accounts.people.values()), asked))

    async def decide(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        wrong = self._wrong(form)
        if wrong:
            return HTMLResponse(refusal_page(wrong), status_code=400)
        account = self.accounts.people.get(form.get("account", ""))
        back = {"state": form.get("state", "")}
        if form.get("decision") != "agree" or account is None:
            back = {"error": "access_denied", **back}
        else:
            challenge, scope = form["code_challenge"], form.get("scope", "")
            back = {
                "code": self.accounts.consent(account, form["client_id"], form["redirect_uri"], challenge, scope),
                **back,
            }
        return RedirectResponse(f"{form['redirect_uri']}?{urlencode(back)}", status_code=303)

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        kind = form.get("grant_type")
        if self.faults.waiting["token"] and self.faults.waiting["token"][0].status is not None:
            return await self.faults.met("token", f"token/{kind}", {})
        try:
            answer = self._granted(kind, form)
        except OAuthRefusal as refusal:
            self.faults.calls[f"token/{kind}"] += 1
            return JSONResponse({"error": refusal.error, "error_description": refusal.description}, 400)
        return await self.faults.met("token", f"token/{kind}", answer)

    async def me(self, request: Request) -> Response:
        consent = self._consent(request)
        if isinstance(consent, Response):
            return consent
        person = consent.account
        return await self.faults.met(
            "api",
            "me",
            {
                "account_id": person.account_id,
                "display_name": person.display_name,
                "id": f"user-{person.account_id}",
                "type": "user",
                "uri": f"spotify:user:user-{person.account_id}",
            },
        )

    async def recently_played(self, request: Request) -> Response:
        consent = self._consent(request, RECENT_SCOPE)
        if isinstance(consent, Response):
            return consent
        limit = int(request.query_params.get("limit", "20"))
        if not 1 <= limit <= MOST_PLAYS:
            return _refused(400, "Invalid limit")
        base, music = str(request.base_url).rstrip("/"), self.accounts.music
        plays = self.accounts.recently_played(consent.account)[:limit]
        items = [
            {
                "track": music.described(music.catalogue.tracks[play.track], base),
                "played_at": play.played_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "context": None,
            }
            for play in plays
        ]
        cursors = None
        if plays:
            newest, oldest = (str(int(play.played_at.timestamp() * 1000)) for play in (plays[0], plays[-1]))
            cursors = {"after": newest, "before": oldest}
        answer = {"href": str(request.url), "items": items, "limit": limit, "next": None, "cursors": cursors}
        return await self.faults.met("api", "recently-played", answer)

    async def track(self, request: Request) -> Response:
        consent = self._consent(request)
        if isinstance(consent, Response):
            return consent
        track = self.accounts.music.track(request.path_params["spotify_id"])
        if track is None:
            self.faults.calls["tracks"] += 1
            return _refused(404, "Resource not found")
        described = self.accounts.music.described(track, str(request.base_url).rstrip("/"))
        return await self.faults.met("api", "tracks", described)

    async def gone(self, request: Request) -> Response:
        """Batch look-ups and whole families of addresses were taken away from new apps."""
        rest = request.path_params["rest"]
        is_batch = "ids" in request.query_params or rest.startswith(GONE)
        return _refused(403, "Forbidden") if is_batch else _refused(404, "Service not found")

    async def cover(self, request: Request) -> Response:
        size = re.sub(r"\D", "", request.path_params["size"])[:4] or "300"
        picture = cover(request.path_params["album_id"], int(size))
        headers = {"Cache-Control": "public, max-age=86400", "Content-Security-Policy": "default-src 'none'"}
        return Response(picture, media_type="image/svg+xml", headers=headers)

    def _granted(self, kind: str | None, form: dict[str, str]) -> dict[str, object]:
        if self.client_id is not None and form.get("client_id") != self.client_id:
            raise OAuthRefusal("invalid_client", "Invalid client")
        if kind == "authorization_code":
            names = ("code", "client_id", "redirect_uri", "code_verifier")
            return self.accounts.exchange(*(form.get(name, "") for name in names))
        if kind == "refresh_token":
            return self.accounts.refresh(form.get("refresh_token", ""), form.get("client_id", ""))
        raise OAuthRefusal("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")

    def _consent(self, request: Request, scope: str | None = None) -> Consent | Response:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            return _refused(401, "No token provided")
        consent = self.accounts.behind(token)
        if consent is None:
            return _refused(401, "The access token expired")
        if not consent.account.may_use_app:
            return _refused(403, "User not registered in the Developer Dashboard")
        if scope is not None and scope not in consent.scope.split():
            return _refused(403, "Insufficient client scope")
        return consent

    def _wrong(self, asked: dict[str, str]) -> str | None:
        if not asked.get("client_id") or self.client_id not in (None, asked["client_id"]):
            return "INVALID_CLIENT: Invalid client"
        address = urlsplit(asked.get("redirect_uri", ""))
        safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in ("127.0.0.1", "::1"))
        if not safe or address.hostname == "localhost":
            return "INVALID_CLIENT: Insecure redirect URI"
        if asked.get("response_type") != "code":
            return "response_type must be code"
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return "code_challenge_method must be S256"
        return None


def _refused(status: int, message: str) -> Response:
    body: dict[str, Any] = {"error": {"status": status, "message": message}}
    return JSONResponse(body, status)
