"""Connecting a Spotify account and letting it go again.

The way there: a state of 32 random bytes and a PKCE verifier are kept for this person for ten minutes. The way back:
the page hands in the code and the state with the person's own sign-in. The state is used up in a transaction of its own
before Spotify is asked, so a code that is refused cannot be tried again with it.
"""

import hashlib
import math
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from spotipy.cache_handler import MemoryCacheHandler
from sqlalchemy.exc import IntegrityError

from platform_api.core.encryption import TokenCipher, Undecipherable
from platform_api.core.errors import AppError, Conflict, Unavailable
from platform_api.core.settings import Settings
from platform_api.crud import spotify
from platform_api.db.session import Sessions
from platform_api.models import SpotifyLink
from platform_api.services.jobs import enqueue
from platform_api.services.spotify import budget
from platform_api.services.spotify.client import SpotifyClient, told_apart
from platform_api.services.spotify.tokens import LinkTokens
from platform_api.services.spotify.troubles import (
    WHY,
    Misconfigured,
    NotAllowed,
    Revoked,
    SpotifyTrouble,
    TooManyCalls,
    Unreadable,
    Wait,
)
from platform_api.utils.clock import Clock

LOOK, FORGET = "look_at_spotify", "forget_spotify"
STATE_BYTES = 32
ATTEMPT_LASTS = timedelta(minutes=10)
ATTEMPTS_KEPT = 3
KEPT_AFTER_DISCONNECT = timedelta(days=3)
"""Time to change one's mind. Spotify's terms allow five days; the job that deletes gets the rest."""
APP_IS_WRONG = "Spotify refuses this app's client id or its address of return. Nothing was stored."
RETURN_PATH = "/settings/spotify"

log = structlog.get_logger(__name__)


class NotConfigured(Conflict):
    title = "This Tonearm knows no Spotify app yet"
    detail = "Its operator has to set SPOTIFY_CLIENT_ID. Everything else works without it."


class RedirectNotPossible(Conflict):
    title = "Spotify would not send you back here"
    detail = "It returns to https addresses and to http://127.0.0.1 only; the operator has to set APP_PUBLIC_URL so."


class AttemptUnknown(AppError):
    status = 400
    title = "This attempt to connect is not known"
    detail = "It is too old, was used before, or was begun by somebody else. Nothing was stored. Please begin again."


class CodeRefused(AppError):
    status = 400
    title = "Spotify does not accept this attempt"
    detail = "Its code is too old or was used before. Nothing was stored. Please begin again."


class AppRefused(Conflict):
    title = "Spotify does not let this app read your account"
    detail = (
        "While an app is in development its owner has to name each person under User Management and needs Premium."
        " Nothing was stored."
    )


class AccountTaken(Conflict):
    title = "This Spotify account is connected already"
    detail = "Another listener here has connected it. One Spotify account belongs to one listener. Nothing was stored."


class OtherAccount(Conflict):
    title = "This is another Spotify account than before"
    detail = "Two accounts would mix in one history. Disconnect and delete what came from the first, then connect this."


class NotConnected(Conflict):
    title = "No Spotify account is connected"
    detail = "There is nothing to change. Connect one first."


class NotBefore(Unavailable):
    """Spotify may not be asked yet. Told before the person goes there: a consent that cannot be used is none."""

    title = "Spotify may not be asked just now"

    def __init__(self, wait: Wait, now: datetime) -> None:
        seconds = max(1, math.ceil((wait.until - now).total_seconds()))
        minutes = math.ceil(seconds / 60)
        words = f"{math.ceil(minutes / 60)} hours" if minutes >= 100 else f"{minutes} minute{'s' * (minutes > 1)}"
        super().__init__(f"{WHY[wait.name]} You can connect in {words}. Nothing was stored.", retry_after_s=seconds)


class SpotifyAway(Unavailable):
    detail = "Spotify does not answer as it should. Nothing was stored; please try again in a few minutes."


def redirect_uri(settings: Settings) -> str:
    return f"{settings.app.public_url.rstrip('/')}{RETURN_PATH}"


def redirect_is_possible(settings: Settings) -> bool:
    """Spotify refuses plain http but on a loopback address, and the name localhost at all."""
    address = urlsplit(redirect_uri(settings))
    if address.scheme == "https":
        return address.hostname != "localhost"
    return address.scheme == "http" and address.hostname in ("127.0.0.1", "::1")


def begin(sessions: Sessions, settings: Settings, user_id: int, now: datetime) -> str:
    """Where to send the person. Raises NotConfigured, RedirectNotPossible, NotBefore."""
    if not settings.spotify.client_id:
        raise NotConfigured
    if not redirect_is_possible(settings):
        raise RedirectNotPossible
    try:
        budget.check(sessions, settings.spotify, "link", now)
    except Wait as wait:
        raise NotBefore(wait, now) from wait
    flow = SpotifyClient(settings.spotify).sign_in(redirect_uri(settings))
    state = secrets.token_urlsafe(STATE_BYTES)
    address: str = flow.get_authorize_url(state=state)
    sealed = TokenCipher(settings).encrypt(flow.code_verifier)
    with sessions.begin() as session:
        spotify.add_authorisation(session, user_id, _digest(state), sealed, now + ATTEMPT_LASTS)
        spotify.sweep_authorisations(session, user_id, now, keep=ATTEMPTS_KEPT)
    return address


def finish(sessions: Sessions, settings: Settings, user_id: int, code: str, state: str, clock: Clock) -> None:
    """Exchanges the code and keeps the link. Whatever is raised, nothing was stored."""
    now = clock()
    if not settings.spotify.client_id:
        raise NotConfigured
    with sessions.begin() as session:
        sealed = spotify.use_authorisation(session, user_id, _digest(state), now)
    if sealed is None:
        raise AttemptUnknown
    try:
        verifier = TokenCipher(settings).decrypt(sealed)
    except Undecipherable as error:
        raise AttemptUnknown from error
    try:
        tokens, me = _exchange(sessions, settings, code, verifier, clock)
    except Revoked as error:
        raise CodeRefused from error
    except NotAllowed as error:
        raise AppRefused from error
    except Misconfigured as error:
        log.warning("spotify refuses the app", error=str(error))
        raise AppRefused(APP_IS_WRONG) from error
    except Wait as error:
        raise NotBefore(error, clock()) from error
    except SpotifyTrouble as error:
        log.warning("connecting to spotify failed", error=str(error), trouble=error.name)
        raise SpotifyAway from error
    _keep(sessions, settings, user_id, tokens, me, now)


def _exchange(
    sessions: Sessions, settings: Settings, code: str, verifier: str, clock: Clock
) -> tuple[dict[str, object], tuple[str, str | None]]:
    client = SpotifyClient(settings.spotify)
    cache = MemoryCacheHandler()
    flow = client.sign_in(redirect_uri(settings), cache)
    flow.code_verifier, flow.code_challenge = verifier, "made when this began"
    try:
        budget.spend(sessions, settings.spotify, "link", clock())
        with told_apart():
            access = str(flow.get_access_token(code, check_cache=False))
        me = client.me(access)
    except TooManyCalls as error:
        raise budget.be_quiet(sessions, error, clock()) from error
    tokens = cache.get_cached_token()
    if not isinstance(tokens, dict) or not {"access_token", "refresh_token", "expires_in"} <= tokens.keys():
        raise Unreadable("tokens are missing")
    account_id = me.get("account_id") or me.get("id")
    if not isinstance(account_id, str) or not account_id:
        raise Unreadable("an account without an id")
    name = me.get("display_name")
    return tokens, (account_id, name[:200].replace("\0", "") if isinstance(name, str) and name.strip() else None)


def _keep(
    sessions: Sessions,
    settings: Settings,
    user_id: int,
    tokens: dict[str, object],
    me: tuple[str, str | None],
    now: datetime,
) -> None:
    account_id, name = me
    try:
        with sessions.begin() as session:
            if spotify.account_belongs_to_somebody_else(session, account_id, user_id):
                raise AccountTaken
            spotify.add_link(session, user_id, account_id, now)
            link = spotify.hold_link(session, user_id)
            if link is None or link.account_id != account_id:
                raise OtherAccount
            LinkTokens(link, TokenCipher(settings), now).save_token_to_cache(tokens)
            link.account_name, link.consented_at, link.state = name, now, "active"
            link.next_look_at = link.next_enrich_at = now
            link.trouble = link.trouble_since = link.warned_at = link.forget_after = None
            link.failures = 0
    except IntegrityError as error:  # two listeners came back with the same account at the same moment
        raise AccountTaken from error


def change(sessions: Sessions, user_id: int, *, enrich: bool, now: datetime) -> None:
    """Raises NotConnected."""
    with sessions.begin() as session:
        link = _connected(spotify.hold_link(session, user_id))
        link.enrich = enrich
        link.next_enrich_at = now if enrich and link.state == "active" else None


def look_soon(sessions: Sessions, settings: Settings, user_id: int, now: datetime) -> None:
    """Moves the next look to now. What Spotify or our budget says still holds. Raises NotConnected, NotConfigured."""
    with sessions.begin() as session:
        link = _connected(spotify.hold_link(session, user_id))
        if link.state != "active":
            raise NotConnected
        if not settings.spotify.client_id:
            raise NotConfigured
        link.next_look_at = now


def disconnect(sessions: Sessions, user_id: int, now: datetime, *, delete_now: bool) -> None:
    """Deletes the tokens at once, and what came from Spotify now or in three days. Raises NotConnected."""
    with sessions.begin() as session:
        link = spotify.hold_link(session, user_id)
        if link is None:
            raise NotConnected
        link.state = "disconnected"
        link.refresh_token_encrypted = link.access_token_encrypted = None
        link.access_expires_at = link.next_look_at = link.next_enrich_at = None
        link.trouble = link.trouble_since = None
        if link.forget_after is None or delete_now:
            link.forget_after = now if delete_now else now + KEPT_AFTER_DISCONNECT
        if delete_now:
            enqueue(session, FORGET, user_id=user_id, unless_waiting=True)


def _connected(link: SpotifyLink | None) -> SpotifyLink:
    if link is None or link.state == "disconnected":
        raise NotConnected
    return link


def _digest(state: str) -> bytes:
    return hashlib.sha256(state.encode(errors="replace")).digest()
