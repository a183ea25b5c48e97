"""Spotify over spotipy, with its errors told apart and none of its patience.

What spotipy is told, and why (docs/decisions/spotipy-on-a-short-leash.md): no retries of its own, because they sleep as
long as a Retry-After says, up to many hours; a status list of nothing real, because a status on that list loses its
headers, the Retry-After among them; a time limit for every call; no debug log, because it would write down tokens.
"""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import spotipy
from spotipy.cache_handler import CacheHandler, MemoryCacheHandler
from spotipy.exceptions import SpotifyException, SpotifyOauthError
from spotipy.oauth2 import SpotifyPKCE

from platform_api.core.settings import SpotifySettings
from platform_api.services.spotify.troubles import (
    Misconfigured,
    NotAllowed,
    Outage,
    Revoked,
    SpotifyTrouble,
    TokenExpired,
    TooManyCalls,
    Unknown,
    Unreadable,
)

SCOPES = ("user-read-recently-played",)
PAGE = 50
NO_STATUS = (599,)
LONGEST_TOLD_WAIT_S = 7 * 24 * 3600
QUOTA_EXCEEDED = "QUOTA_EXCEEDED"

logging.getLogger("spotipy").setLevel(logging.CRITICAL)  # its debug lines hold tokens, its errors are ours to tell


class SpotifyClient:
    """Calls in the name of whoever's access token is given. Every method raises SpotifyTrouble and nothing else."""

    def __init__(self, settings: SpotifySettings) -> None:
        self._settings = settings

    def me(self, access_token: str) -> dict[str, Any]:
        with told_apart():
            return _an_object(self._api(access_token).current_user())

    def recently_played(self, access_token: str) -> dict[str, Any]:
        """The last 50 plays, whatever is known already: late ones turn up in the middle."""
        with told_apart():
            return _an_object(self._api(access_token).current_user_recently_played(limit=PAGE))

    def track(self, access_token: str, spotify_id: str) -> dict[str, Any]:
        with told_apart():
            return _an_object(self._api(access_token).track(spotify_id))

    def sign_in(self, redirect_uri: str, cache: CacheHandler | None = None) -> SpotifyPKCE:
        """spotipy's PKCE flow; new tokens go to `cache`."""
        flow = SpotifyPKCE(
            client_id=self._settings.client_id,
            redirect_uri=redirect_uri,
            scope=" ".join(SCOPES),
            open_browser=False,
            requests_timeout=self._settings.timeout_s,
            cache_handler=cache or MemoryCacheHandler(),
        )
        flow.OAUTH_AUTHORIZE_URL = f"{self._settings.accounts_url.rstrip('/')}/authorize"
        flow.OAUTH_TOKEN_URL = f"{self._settings.accounts_url.rstrip('/')}/api/token"
        return flow

    def _api(self, access_token: str) -> spotipy.Spotify:
        api = spotipy.Spotify(
            auth=access_token,
            requests_timeout=self._settings.timeout_s,
            retries=0,
            status_retries=0,
            status_forcelist=NO_STATUS,
        )
        api.prefix = f"{self._settings.api_url.rstrip('/')}/v1/"
        return api


@contextmanager
def told_apart() -> Iterator[None]:
    """Turns whatever spotipy raises into a SpotifyTrouble."""
    try:
        yield
    except SpotifyTrouble:
        raise
    except SpotifyException as error:
        raise _from_api(error) from error
    except SpotifyOauthError as error:
        raise _from_sign_in(error) from error
    except requests.exceptions.JSONDecodeError as error:
        raise Outage("an answer that ends in the middle") from error
    except requests.exceptions.RequestException as error:
        raise Outage(type(error).__name__) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # spotipy reads answers without looking
        raise Unreadable(repr(error)) from error


def _an_object(answer: object) -> dict[str, Any]:
    if answer is None:  # spotipy's word for a body that is not JSON
        raise Outage("an answer that ends in the middle")
    if not isinstance(answer, dict):
        raise Unreadable(type(answer).__name__)
    return answer


def _from_api(error: SpotifyException) -> SpotifyTrouble:
    status = error.http_status
    if status == 429 or QUOTA_EXCEEDED in f"{error.reason} {error.msg}":
        return _too_many(error.headers, f"{error.reason} {error.msg}")
    if status == 401:
        return TokenExpired(error.msg)
    if status == 403:
        return NotAllowed(error.msg)
    if status in (400, 404):
        return Unknown(error.msg)
    return Outage(f"status {status}", _seconds(error.headers.get("Retry-After")))


def _from_sign_in(error: SpotifyOauthError) -> SpotifyTrouble:
    """spotipy keeps the status and the headers only in the error that it was handling."""
    response = getattr(error.__context__, "response", None)
    status = getattr(response, "status_code", 0)
    if status == 429:
        return _too_many(getattr(response, "headers", {}), str(error))
    if status >= 500 or status == 0:
        return Outage(f"status {status}", _seconds(getattr(response, "headers", {}).get("Retry-After")))
    if error.error == "invalid_grant":
        return Revoked(error.error_description)
    if error.error in ("invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type"):
        return Misconfigured(f"{error.error}: {error.error_description}")
    return Outage(f"status {status}: {error.error}"[:200])


def _too_many(headers: Any, told: str) -> TooManyCalls:
    return TooManyCalls(_seconds(headers.get("Retry-After")), quota=QUOTA_EXCEEDED in told)


def _seconds(told: str | None) -> float | None:
    """Retry-After in seconds, from a number or a date; None for nothing and for nonsense."""
    if told is None:
        return None
    try:
        seconds = float(told)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return None if math.isnan(seconds) else min(max(seconds, 1.0), LONGEST_TOLD_WAIT_S)
