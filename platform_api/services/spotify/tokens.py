"""An access token that is good now. Two workers that ask at once cause one refresh: the link is held meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from spotipy.cache_handler import CacheHandler

from platform_api.core.encryption import TokenCipher, Undecipherable
from platform_api.core.settings import Settings
from platform_api.crud import spotify
from platform_api.db.session import Sessions
from platform_api.models import SpotifyLink
from platform_api.services.community import notifications
from platform_api.services.spotify.client import SpotifyClient, told_apart
from platform_api.services.spotify.troubles import Misconfigured, Revoked, Unreadable

GOOD_FOR_AT_LEAST = timedelta(seconds=60)
LONGEST_LIFE = timedelta(hours=12)
UNUSED_REDIRECT = "http://127.0.0.1"
RECONNECT_SENTENCE = "Spotify ended the permission that you gave. Connect again in Settings; nothing was lost."

log = structlog.get_logger(__name__)


class LinkTokens(CacheHandler):  # type: ignore[misc]
    """spotipy's cache, kept encrypted in a link: what it saves is written with the transaction that holds the link."""

    def __init__(self, link: SpotifyLink, cipher: TokenCipher, now: datetime) -> None:
        self._link = link
        self._cipher = cipher
        self._now = now

    def get_cached_token(self) -> dict[str, Any] | None:
        """Not asked: whether a token is good is decided by our clock, in `access_token`."""
        return None

    def save_token_to_cache(self, token_info: dict[str, Any]) -> None:
        """Spotify may hand out a new refresh token each time; the one before is worth nothing then."""
        access, refresh = token_info["access_token"], token_info["refresh_token"]
        if not isinstance(access, str) or not isinstance(refresh, str) or not access or not refresh:
            raise Unreadable("tokens that are no text")
        lasts = min(timedelta(seconds=float(token_info["expires_in"])), LONGEST_LIFE)
        self._link.access_token_encrypted = self._cipher.encrypt(access)
        self._link.refresh_token_encrypted = self._cipher.encrypt(refresh)
        self._link.access_expires_at = self._now + lasts


def access_token(
    sessions: Sessions, settings: Settings, user_id: int, now: datetime, *, not_this: str | None = None
) -> str:
    """Refreshes where less than a minute is left, or where the token is the one that was just refused (`not_this`).

    Raises Revoked where the listener has to consent anew: the link is marked and they are told, once. An outage or a
    lost key leaves the link as it is (Outage, TooManyCalls, Misconfigured …).
    """
    with sessions.begin() as session:
        link = spotify.hold_link(session, user_id)
        if link is None or link.state != "active":
            raise Revoked("not connected")
        token = _good_token(settings, link, now, not_this)
        if token is None:
            link.state, link.next_look_at, link.next_enrich_at = "reconnect", None, None
            link.access_token_encrypted = link.refresh_token_encrypted = None
            notifications.tell(session, user_id, "spotify_reconnect", detail=RECONNECT_SENTENCE)
    if token is None:
        log.info("spotify consent is over", user=user_id)
        raise Revoked("the consent is over")
    return token


def _good_token(settings: Settings, link: SpotifyLink, now: datetime, not_this: str | None) -> str | None:
    """None where no token can be had without the listener."""
    cipher = TokenCipher(settings)
    if link.refresh_token_encrypted is None:
        return None
    try:
        known = cipher.decrypt(link.access_token_encrypted) if link.access_token_encrypted else None
        refresh = cipher.decrypt(link.refresh_token_encrypted)
    except Undecipherable as error:
        raise Misconfigured("tokens cannot be read with the keys that are named") from error
    expires_at = link.access_expires_at
    if known is not None and known != not_this and expires_at is not None and expires_at > now + GOOD_FOR_AT_LEAST:
        return known
    flow = SpotifyClient(settings.spotify).sign_in(UNUSED_REDIRECT, LinkTokens(link, cipher, now))
    try:
        with told_apart():
            return str(flow.refresh_access_token(refresh)["access_token"])
    except Revoked:
        return None
