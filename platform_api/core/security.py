"""Who is asking: Firebase ID tokens, verified by firebase-admin with the revocation check."""

import hashlib
import os
import threading
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import firebase_admin
import google.auth.credentials
import structlog
from firebase_admin import auth, credentials, exceptions
from google.auth import transport
from google.auth.exceptions import DefaultCredentialsError, TransportError
from google.auth.transport.requests import Request

from platform_api.core.errors import NotSignedIn, Unavailable
from platform_api.core.settings import FirebaseSettings
from platform_api.utils.clock import utc_now

VERIFIED_FOR_S = 30
REMEMBERED_TOKENS = 10_000
CLOCK_SKEW_S = 60
CLOCK_WRONG_S = 60
CLOCK_ASKED_EVERY_S = 60
FIREBASE_TIMEOUT_S = 5
LONGEST_TOKEN = 8_192
EMULATOR_VARIABLE = "FIREBASE_AUTH_EMULATOR_HOST"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Identity:
    """A person as Firebase knows them. `expires_at` is in Unix seconds."""

    uid: str
    email: str | None
    name: str | None
    expires_at: float


class NoCredentials(Exception):
    """The operator has not said how to reach Firebase."""


class SignInUnavailable(Unavailable):
    detail = "The sign-in service does not answer, so your sign-in cannot be checked. Please try again in a moment."


class ClockWrong(SignInUnavailable):
    detail = (
        "The clock of this server is wrong, so no sign-in can be checked until its operator sets it."
        " You are still signed in; please try again later."
    )


class IssuersClock:
    """What time it is for those who issue tokens: the Date header of the place where their keys lie."""

    def __init__(self, fetch: transport.Request, url: str) -> None:
        self._fetch, self._url = fetch, url
        self._lock = threading.Lock()
        self._asked_at: float | None = None
        self._ahead_s: float | None = None

    def ahead_s(self) -> float | None:
        """How far their clock is ahead of ours, in seconds; None where it cannot be asked. Asked once a minute."""
        with self._lock:
            if self._asked_at is None or time.monotonic() - self._asked_at > CLOCK_ASKED_EVERY_S:
                self._asked_at = time.monotonic()
                self._ahead_s = self._ask()
            return self._ahead_s

    def _ask(self) -> float | None:
        try:
            told = self._fetch(self._url, timeout=FIREBASE_TIMEOUT_S).headers
            date = next(value for name, value in told.items() if name.lower() == "date")
            return (parsedate_to_datetime(date) - utc_now()).total_seconds()
        except (TransportError, StopIteration, ValueError) as error:
            log.warning("the time of the sign-in service cannot be asked", error=repr(error))
            return None


class LastGoodCertificates(transport.Request):
    """Google's signing keys: fetched as often as their cache headers ask, and the last good ones when it fails."""

    def __init__(self, fetch: transport.Request) -> None:
        self._fetch = fetch
        self._last_good: dict[str, transport.Response] = {}

    def __call__(self, url: str, *args: Any, **kwargs: Any) -> transport.Response:
        try:
            response: transport.Response = self._fetch(url, *args, **kwargs)
        except TransportError:
            if url in self._last_good:
                log.warning("signing keys cannot be fetched; using the last good ones")
                return self._last_good[url]
            raise
        if response.status == 200:
            self._last_good[url] = response
        elif url in self._last_good:
            log.warning("signing keys cannot be fetched; using the last good ones", status=response.status)
            return self._last_good[url]
        return response


class IdentityVerifier:
    """Verifies ID tokens; a verified one is believed for VERIFIED_FOR_S, so a revoked one ends within a minute."""

    def __init__(
        self, settings: FirebaseSettings, *, credential: google.auth.credentials.Credentials | None = None
    ) -> None:
        # firebase-admin decides by this variable alone whether it talks to the emulator
        if settings.auth_emulator_host:
            os.environ[EMULATOR_VARIABLE] = settings.auth_emulator_host
        else:
            os.environ.pop(EMULATOR_VARIABLE, None)
        self._app = firebase_admin.initialize_app(
            _credential(settings, credential),
            {"projectId": settings.project_id, "httpTimeout": FIREBASE_TIMEOUT_S},
            name=f"tonearm-{id(self)}",
        )
        try:
            self._client = auth.Client(self._app)
        except DefaultCredentialsError as error:
            self.close()
            raise NoCredentials(
                "Sign-ins cannot be checked: set FIREBASE_CREDENTIALS_FILE to the key file of a service account, or"
                " FIREBASE_AUTH_EMULATOR_HOST to the address of the Auth emulator."
            ) from error
        # no public door: the verifier would answer an outage of the certificate endpoint with an error
        verifier = self._client._token_verifier
        verifier.request = LastGoodCertificates(verifier.request)
        self._issuers_clock = IssuersClock(Request(), verifier.id_token_verifier.cert_url)
        self._remembered: dict[bytes, tuple[float, Identity]] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        firebase_admin.delete_app(self._app)

    def verify(self, token: str) -> Identity:
        """Raises NotSignedIn for a token that is not valid now, SignInUnavailable when that cannot be known: Firebase
        does not answer, or our clock is wrong (ClockWrong), by which every token there is would be refused.
        """
        if (known := self.remembered(token)) is not None:
            return known
        identity = self._ask_firebase(token)
        if _is_over(identity):
            raise NotSignedIn
        with self._lock:
            if len(self._remembered) >= REMEMBERED_TOKENS:
                self._remembered.clear()
            self._remembered[_digest(token)] = (time.monotonic() + VERIFIED_FOR_S, identity)
        return identity

    def remembered(self, token: str) -> Identity | None:
        """Whom the token named when it was verified a moment ago. Waits for nothing. Raises NotSignedIn for an
        endless one.
        """
        if len(token) > LONGEST_TOKEN:
            raise NotSignedIn
        with self._lock:
            until, identity = self._remembered.get(_digest(token), (0.0, None))
        return identity if identity is not None and time.monotonic() < until and not _is_over(identity) else None

    def forget(self, uid: str) -> None:
        """The next request with a token of this person is checked anew."""
        with self._lock:
            for digest in [key for key, (_, identity) in self._remembered.items() if identity.uid == uid]:
                del self._remembered[digest]

    def delete_sign_in(self, uid: str) -> None:
        """Removes the person from Firebase. Raises SignInUnavailable; a person already gone is no error."""
        try:
            self._client.delete_user(uid)
        except auth.UserNotFoundError:
            return
        except exceptions.FirebaseError as error:
            raise SignInUnavailable from error

    def _our_clock_is_wrong(self) -> bool:
        ahead_s = self._issuers_clock.ahead_s()
        wrong = ahead_s is not None and abs(ahead_s) > CLOCK_WRONG_S
        if wrong:
            log.error("ALARM the clock of this server is wrong; nobody can sign in", seconds_behind=ahead_s)
        return wrong

    def _ask_firebase(self, token: str) -> Identity:
        try:
            claims = self._client.verify_id_token(token, check_revoked=True, clock_skew_seconds=CLOCK_SKEW_S)
        except (
            auth.InvalidIdTokenError, auth.UserDisabledError, auth.UserNotFoundError, ValueError, TypeError
        ) as error:  # fmt: skip  # TypeError: a forged emulator token without an issue time
            log.info("token refused", reason=type(error).__name__)
            if _for_its_time(error) and self._our_clock_is_wrong():
                raise ClockWrong from error
            raise NotSignedIn from error
        except exceptions.FirebaseError as error:
            log.warning("sign-in service unavailable", error=str(error))
            raise SignInUnavailable from error
        expires_at = float(claims.get("exp") or 0)
        return Identity(uid=claims["uid"], email=claims.get("email"), name=claims.get("name"), expires_at=expires_at)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _is_over(identity: Identity) -> bool:
    return identity.expires_at + CLOCK_SKEW_S < utc_now().timestamp()


def _for_its_time(error: Exception) -> bool:
    """Whether an authentic token was refused because of the hour: times are looked at after the signature."""
    return isinstance(error, auth.ExpiredIdTokenError) or "Token used too early" in str(error)


def _credential(
    settings: FirebaseSettings, given: google.auth.credentials.Credentials | None
) -> credentials.Base | None:
    if given is not None:
        return _GivenCredential(given)
    if settings.credentials_file is not None:
        return credentials.Certificate(str(settings.credentials_file))
    return None


class _GivenCredential(credentials.Base):  # type: ignore[misc]
    def __init__(self, given: google.auth.credentials.Credentials) -> None:
        self._given = given

    def get_credential(self) -> google.auth.credentials.Credentials:
        return self._given
