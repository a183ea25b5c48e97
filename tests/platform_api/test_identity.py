"""Tokens: what a real Firebase project would send, forged ones, revoked ones, and an outage of Google's keys.

Real-project mode is tested with keys of our own, served by a local certificate endpoint that speaks Google's format.
"""

import base64
import datetime as dt
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from firebase_admin import _token_gen, auth
from google.auth import crypt, jwt
from google.auth.credentials import Credentials

from platform_api.core import security
from platform_api.core.errors import NotSignedIn
from platform_api.core.security import ClockWrong, IdentityVerifier, NoCredentials, SignInUnavailable
from platform_api.core.settings import FirebaseSettings
from tests.support.clocks import jumped

PROJECT = "a-real-project"
ISSUER = f"https://securetoken.google.com/{PROJECT}"
KEY_ID = "key-1"


@dataclass
class SigningKey:
    private_pem: bytes
    certificate_pem: bytes

    def sign(self, claims: dict[str, Any], key_id: str | None = KEY_ID) -> str:
        signer = crypt.RSASigner.from_string(self.private_pem, key_id)
        token: bytes = jwt.encode(signer, claims, key_id=key_id)
        return token.decode()


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return make_key()


def make_key() -> SigningKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "securetoken")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private_format = serialization.PrivateFormat.TraditionalOpenSSL
    return SigningKey(
        private.private_bytes(pem, private_format, serialization.NoEncryption()), certificate.public_bytes(pem)
    )


@dataclass
class Google:
    """Serves certificates and account records; counts what it was asked."""

    certificates: dict[str, str]
    broken: bool = False
    asked: list[str] = field(default_factory=list)
    account: dict[str, Any] = field(default_factory=lambda: {"localId": "uid-1", "validSince": "0"})
    address: str = ""


@pytest.fixture
def google(key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    google = Google({KEY_ID: key.certificate_pem.decode()})

    class Handler(BaseHTTPRequestHandler):
        def answer(self, body: Any) -> None:
            google.asked.append(self.path)
            content = json.dumps(body).encode()
            self.send_response(503 if google.broken else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Cache-Control", "public, max-age=0")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self.answer(google.certificates)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.answer({"users": [google.account]})

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    google.address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(_token_gen, "ID_TOKEN_CERT_URI", f"{google.address}/certificates")
    yield google
    server.shutdown()
    server.server_close()


class NoCredential(Credentials):
    """Lets firebase-admin call the account service without asking Google for a token."""

    def refresh(self, _: Any) -> None:
        self.token = "not-a-secret"


@pytest.fixture
def verifier(google: Google, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityVerifier]:
    monkeypatch.delenv(security.EMULATOR_VARIABLE, raising=False)
    verifier = IdentityVerifier(FirebaseSettings(project_id=PROJECT), credential=NoCredential())  # type: ignore[no-untyped-call]
    verifier._client._user_manager.base_url = f"{google.address}/accounts"
    yield verifier
    verifier.close()


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": ISSUER, "aud": PROJECT, "sub": "uid-1", "email": "ada@example.org", "name": "Ada", "auth_time": now,
        "iat": now - 5, "exp": now + 3600, **changes,
    }  # fmt: skip


def test_a_real_token_is_believed(verifier: IdentityVerifier, key: SigningKey) -> None:
    identity = verifier.verify(key.sign(claims()))
    assert (identity.uid, identity.email, identity.name) == ("uid-1", "ada@example.org", "Ada")


def test_a_verified_token_is_remembered_for_a_while(
    verifier: IdentityVerifier, key: SigningKey, google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = key.sign(claims())
    verifier.verify(token)
    asked = len(google.asked)
    verifier.verify(token)
    assert len(google.asked) == asked
    monkeypatch.setattr(security, "VERIFIED_FOR_S", 0)
    verifier.forget("uid-1")
    verifier.verify(token)
    verifier.verify(token)
    assert len(google.asked) > asked + 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another-project"},
        {"iss": "https://securetoken.google.com/another-project"},
        {"sub": ""},
        {"sub": "x" * 129},
        {"exp": int(time.time()) - 120, "iat": int(time.time()) - 3700},
    ],
    ids=["audience", "issuer", "no subject", "long subject", "expired"],
)
def test_wrong_claims_are_refused(verifier: IdentityVerifier, key: SigningKey, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        verifier.verify(key.sign(claims(**wrong)))


def test_a_minute_of_clock_skew_is_tolerated(verifier: IdentityVerifier, key: SigningKey) -> None:
    now = int(time.time())
    assert verifier.verify(key.sign(claims(iat=now - 3630, exp=now - 30)))
    assert verifier.verify(key.sign(claims(iat=now + 30, exp=now + 3630)))


def unsigned(header: dict[str, Any], signature: str = "") -> str:
    def part(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    return f"{part(header)}.{part(claims())}.{signature}"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "typ": "JWT"},
        {"alg": "none", "kid": KEY_ID},
        {"alg": "HS256", "kid": KEY_ID},
        {"alg": "RS256", "kid": KEY_ID},
        {"alg": "RS256"},
        {"alg": "RS256", "kid": "unknown", "jku": "http://127.0.0.1:9/keys", "x5u": "http://127.0.0.1:9/keys"},
    ],
    ids=["none", "none with kid", "hs256", "no signature", "no kid", "foreign keys"],
)
def test_forged_tokens_are_refused_without_looking_elsewhere(
    verifier: IdentityVerifier, google: Google, header: dict[str, Any]
) -> None:
    with pytest.raises(NotSignedIn):
        verifier.verify(unsigned(header, "c2lnbmF0dXJl"))
    assert set(google.asked) <= {"/certificates"}


def test_a_signature_with_the_public_key_as_a_secret_is_refused(verifier: IdentityVerifier, key: SigningKey) -> None:
    unsigned_token = unsigned({"alg": "HS256", "kid": KEY_ID}).rstrip(".")
    mac = hmac.new(key.certificate_pem, unsigned_token.encode(), "sha256").digest()
    with pytest.raises(NotSignedIn):
        verifier.verify(f"{unsigned_token}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "🦊.🦊.🦊", "x" * 100_000, "null", "e30.e30.e30"])
def test_what_is_no_token_is_refused(verifier: IdentityVerifier, token: str) -> None:
    with pytest.raises(NotSignedIn):
        verifier.verify(token)


def test_another_key_is_refused_and_a_rotated_one_is_learnt(
    verifier: IdentityVerifier, key: SigningKey, google: Google
) -> None:
    verifier.verify(key.sign(claims()))
    new = make_key()
    with pytest.raises(NotSignedIn):
        verifier.verify(new.sign(claims(), "key-2"))
    google.certificates = {"key-2": new.certificate_pem.decode()}
    assert verifier.verify(new.sign(claims(), "key-2")).uid == "uid-1"


def test_the_last_good_keys_serve_while_google_is_away(
    verifier: IdentityVerifier, key: SigningKey, google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier.verify(key.sign(claims()))
    google.broken = True
    monkeypatch.setattr(auth.Client, "get_user", lambda *_: auth.UserRecord({**google.account, "createdAt": "0"}))
    assert verifier.verify(key.sign(claims(name="Another token"))).name == "Another token"


def test_without_any_key_the_answer_is_unavailable_not_an_error(
    verifier: IdentityVerifier, key: SigningKey, google: Google
) -> None:
    google.broken = True
    with pytest.raises(SignInUnavailable):
        verifier.verify(key.sign(claims()))


@pytest.mark.parametrize("change", [{"disabled": True}, {"validSince": str(int(time.time()) + 86_400)}])
def test_disabled_and_revoked_are_refused(
    verifier: IdentityVerifier, key: SigningKey, google: Google, change: dict[str, Any]
) -> None:
    google.account |= change
    with pytest.raises(NotSignedIn):
        verifier.verify(key.sign(claims()))


def test_without_emulator_and_credentials_the_operator_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with pytest.raises(NoCredentials, match="FIREBASE_CREDENTIALS_FILE"):
        IdentityVerifier(FirebaseSettings(project_id=PROJECT))


def test_an_expired_token_is_not_believed_any_longer(
    verifier: IdentityVerifier, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = int(time.time())
    token = key.sign(claims(iat=now - 3630, exp=now - 30))
    assert verifier.verify(token), "within the skew, and remembered from now on"
    monkeypatch.setattr(security, "CLOCK_SKEW_S", 0)
    with pytest.raises(NotSignedIn):
        verifier.verify(token)


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_an_hour_signs_nobody_out(
    verifier: IdentityVerifier, key: SigningKey, google: Google, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """The page signs out at a 401: who was signed in, or signs in meanwhile, gets none, and then all is as before."""
    half = {"iat": int(time.time()) - 1800, "exp": int(time.time()) + 1800}
    before, fresh = key.sign(claims(**half)), key.sign(claims(**half, name="Signed in meanwhile"))
    verifier.verify(before)
    with jumped(monkeypatch, dt.timedelta(hours=hours)):
        verifier.forget("uid-1")
        for token in (before, fresh):
            with pytest.raises(ClockWrong):
                verifier.verify(token)
        asked = len(google.asked)
        expired = claims(iat=int(time.time()) - 3700 + 3600 * hours, exp=int(time.time()) - 120 + 3600 * hours)
        with pytest.raises(NotSignedIn):
            verifier.verify(make_key().sign(expired))  # a forged one is refused whatever the hour
        assert google.asked[asked:] in ([], ["/certificates"])
    assert verifier.verify(before).uid == verifier.verify(fresh).uid == "uid-1"


def test_a_token_that_ended_is_refused_by_the_right_clock(
    verifier: IdentityVerifier, key: SigningKey, google: Google
) -> None:
    now = int(time.time())
    for number in range(3):
        with pytest.raises(NotSignedIn):
            verifier.verify(key.sign(claims(iat=now - 7200, exp=now - 3600, name=str(number))))
    google.broken = True
    with pytest.raises(NotSignedIn):
        verifier.verify(key.sign(claims(iat=now - 7200, exp=now - 3600)))
