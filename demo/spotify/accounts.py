"""Who has an account at the stand-in, what they play, and which codes and tokens were handed out."""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo.spotify.music import Music

CODE_LASTS = timedelta(minutes=10)
ACCESS_LASTS = timedelta(hours=1)
CONSENT_LASTS = timedelta(days=182)


def real_time() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Played:
    """A play as recently-played tells it, and from when on it does: some are told late."""

    played_at: datetime
    track: int
    told_from: datetime


@dataclass
class Account:
    """`always_playing`: this account hears one track after the other, forever, beginning three hours ago."""

    account_id: str
    display_name: str
    always_playing: bool = False
    plays: list[Played] = field(default_factory=list)
    may_use_app: bool = True

    def play(self, played_at: datetime, track: int = 0, *, told_from: datetime | None = None) -> None:
        self.plays.append(Played(played_at, track, told_from or played_at))


@dataclass
class Consent:
    """One person's yes to one app. Its refresh token is replaced at every refresh; only the newest one counts."""

    account: Account
    client_id: str
    scope: str
    given_at: datetime
    refresh_token: str
    revoked: bool = False


@dataclass(frozen=True)
class Code:
    account: Account
    client_id: str
    redirect_uri: str
    challenge: str
    scope: str
    made_at: datetime


class OAuthRefusal(Exception):
    """Rendered as {"error": …, "error_description": …}."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


class Accounts:
    """All that the stand-in remembers. `now` is handed in, so that tests need not wait.

    Consents are kept in the file `kept_in` as well, so that a restart of the demo ends none of them, and so is since
    when those play who never stop: counted from another moment, they would have played something else.
    """

    def __init__(self, music: Music, now: Callable[[], datetime] = real_time, kept_in: Path | None = None) -> None:
        self.music = music
        self.now = now
        self._kept_in = kept_in
        self.people: dict[str, Account] = {}
        self.consents: list[Consent] = []
        self._codes: dict[str, Code] = {}
        self._access: dict[str, tuple[Consent, datetime]] = {}

    def add(self, account: Account) -> Account:
        self.people[account.account_id] = account
        return account

    def read_kept(self) -> None:
        """Takes up where an earlier run ended, for accounts that were added already."""
        if self._kept_in is None or not self._kept_in.is_file():
            return
        told = json.loads(self._kept_in.read_text())
        if isinstance(told, dict):
            self.music.began = datetime.fromisoformat(told["began"])
        for kept in told["consents"] if isinstance(told, dict) else told:  # a list: as the first demos kept them
            account = self.people.get(kept.pop("account"))
            if account is not None:
                given_at = datetime.fromisoformat(kept.pop("given_at"))
                self.consents.append(Consent(account=account, given_at=given_at, **kept))

    def consent(self, account: Account, client_id: str, redirect_uri: str, challenge: str, scope: str) -> str:
        """The code that the browser carries back."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = Code(account, client_id, redirect_uri, challenge, scope, self.now())
        return code

    def exchange(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> dict[str, object]:
        """A code works once, for the app, the address and the verifier it was made for. Raises OAuthRefusal."""
        known = self._codes.pop(code, None)
        if known is None:
            raise OAuthRefusal("invalid_grant", "Invalid authorization code")
        if self.now() > known.made_at + CODE_LASTS:
            raise OAuthRefusal("invalid_grant", "Authorization code expired")
        if client_id != known.client_id:
            raise OAuthRefusal("invalid_grant", "Invalid authorization code")
        if redirect_uri != known.redirect_uri:
            raise OAuthRefusal("invalid_grant", "Invalid redirect URI")
        if challenge_of(verifier) != known.challenge:
            raise OAuthRefusal("invalid_grant", "code_verifier was incorrect")
        consent = Consent(known.account, client_id, known.scope, self.now(), "")
        self.consents.append(consent)
        return self._tokens(consent)

    def refresh(self, refresh_token: str, client_id: str) -> dict[str, object]:
        """Raises OAuthRefusal: a refresh does not make a consent longer."""
        for consent in self.consents:
            if consent.refresh_token == refresh_token and consent.client_id == client_id:
                if consent.revoked:
                    raise OAuthRefusal("invalid_grant", "Refresh token revoked")
                if self.now() > consent.given_at + CONSENT_LASTS:
                    raise OAuthRefusal("invalid_grant", "Refresh token expired")
                return self._tokens(consent)
        raise OAuthRefusal("invalid_grant", "Invalid refresh token")

    def behind(self, access_token: str) -> Consent | None:
        """Whose token it is, while it is good."""
        consent, until = self._access.get(access_token, (None, self.now()))
        return consent if consent is not None and not consent.revoked and self.now() < until else None

    def expire_access(self) -> None:
        """Every access token handed out so far is refused from now on."""
        self._access.clear()

    def recently_played(self, account: Account) -> list[Played]:
        """Newest first, without what is told later."""
        now = self.now()
        told = [play for play in account.plays if play.told_from <= now]
        if account.always_playing:
            told += [Played(at, track, at) for at, track in self.music.on_air(account.account_id, now)]
        return sorted(told, key=lambda play: play.played_at, reverse=True)

    def _tokens(self, consent: Consent) -> dict[str, object]:
        access = f"BQ{secrets.token_urlsafe(60)}"
        consent.refresh_token = f"AQ{secrets.token_urlsafe(60)}"
        self._access[access] = (consent, self.now() + ACCESS_LASTS)
        self._keep()
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LASTS.total_seconds()),
            "refresh_token": consent.refresh_token,
            "scope": consent.scope,
        }

    def _keep(self) -> None:
        if self._kept_in is None:
            return
        told = [
            {
                "account": consent.account.account_id,
                "client_id": consent.client_id,
                "scope": consent.scope,
                "given_at": consent.given_at.isoformat(),
                "refresh_token": consent.refresh_token,
                "revoked": consent.revoked,
            }
            for consent in self.consents
        ]
        partial = self._kept_in.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps({"began": self.music.began.isoformat(), "consents": told}))
        partial.replace(self._kept_in)


def challenge_of(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
