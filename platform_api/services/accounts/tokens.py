"""Personal tokens: made once, shown once, known afterwards by their sha256 only."""

import hashlib
import secrets
import uuid

from sqlalchemy.orm import Session

from platform_api.core.errors import Conflict, NotFound
from platform_api.core.settings import Settings
from platform_api.crud import tokens
from platform_api.models import ApiToken, User
from platform_api.schemas.tokens import MadeToken, Token, Tokens

MOST_TOKENS = 50
LONGEST_TOKEN = 200


class TooManyTokens(Conflict):
    detail = f"You have {MOST_TOKENS} tokens, which is as many as one person can have. Please revoke one first."


def make(session: Session, user: User, name: str) -> MadeToken:
    """Raises TooManyTokens. Shaped as a UUID, because ListenBrainz's are and some clients look; 122 random bits."""
    if tokens.count(session, user.id) >= MOST_TOKENS:
        raise TooManyTokens
    secret = str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
    row = tokens.add(session, user.id, name, digest(secret))
    return MadeToken(id=row.id, name=row.name, created_at=row.created_at, last_used_at=None, plays=0, token=secret)


def list_of(session: Session, settings: Settings, user: User) -> Tokens:
    items = [
        Token(id=row.id, name=row.name, created_at=row.created_at, last_used_at=row.last_used_at, plays=plays)
        for row, plays in tokens.tokens_of(session, user.id)
    ]
    return Tokens(items=items, address=settings.app.public_url.rstrip("/"))


def revoke(session: Session, user: User, token_id: int) -> None:
    """Raises NotFound. What was sent with it stays; its ledger stands among the imports and can be undone there."""
    if not tokens.revoke(session, user.id, token_id):
        raise NotFound


def owner_of(session: Session, secret: str) -> tuple[ApiToken, User] | None:
    """Whose token it is, or None. The use is noted."""
    if not 0 < len(secret) <= LONGEST_TOKEN:
        return None
    found = tokens.owner_of(session, digest(secret))
    if found is not None:
        tokens.note_use(session, found[0].id)
    return found


def digest(secret: str) -> bytes:
    """Random enough that no salt is needed: nobody can list 2^122 tokens."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
