"""Secrets of listeners at rest. Tokens: encrypted with the newest key, readable with every key that is still named."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from platform_api.core.settings import Settings

PURPOSE = b"tonearm: tokens of listeners"
PURPOSE_OF_ANSWERS = b"tonearm: answers told again"


class Undecipherable(Exception):
    """It was encrypted with a key that is named no more, or was altered."""


class _Cipher:
    """Encrypts and authenticates (Fernet: AES-128-CBC with HMAC-SHA256). Raises ValueError for a key that is none."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def decrypt(self, sealed: bytes) -> str:
        """Raises Undecipherable."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Undecipherable from error


class TokenCipher(_Cipher):
    """For what is kept until the listener lets it go."""

    def __init__(self, settings: Settings) -> None:
        named = settings.spotify.token_keys
        keys = [key.strip() for key in named.get_secret_value().split(",") if key.strip()] if named else []
        super().__init__(keys or [_key_from(settings.app.secret_key.get_secret_value(), PURPOSE)])


class AnswerCipher(_Cipher):
    """For an answer that only who brings the same key again may read: neither the database nor the server has it."""

    def __init__(self, settings: Settings, key: str) -> None:
        super().__init__([_key_from(settings.app.secret_key.get_secret_value() + key, PURPOSE_OF_ANSWERS)])


def _key_from(secret: str, purpose: bytes) -> str:
    """A key of its own for this purpose: the secret itself signs other things."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
    return base64.urlsafe_b64encode(derived).decode()
