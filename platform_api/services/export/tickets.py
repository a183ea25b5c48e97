"""A link that downloads one's own export, for a few minutes: a browser cannot show its sign-in when it follows a link.

The ticket says who and until when, and is signed with the server's key, so nothing has to be kept about it.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from platform_api.core.errors import NotFound
from platform_api.core.settings import Settings
from platform_api.crud import users
from platform_api.models import User

LIFETIME = timedelta(minutes=5)
SIGNATURE_BYTES = 32
PURPOSE = b"tonearm export "


class TicketGone(NotFound):
    title = "This link downloads nothing any more"
    detail = "It works for five minutes. Settings makes a new one."


def issue(settings: Settings, user: User, now: datetime) -> tuple[str, datetime]:
    """The ticket and the moment it ends."""
    ends = now + LIFETIME
    told = user.ml_key.bytes + int(ends.timestamp()).to_bytes(8)
    return base64.urlsafe_b64encode(told + _signature(settings, told)).decode().rstrip("="), ends


def owner_of(session: Session, settings: Settings, ticket: str, now: datetime) -> User:
    """Whose export it downloads. Raises TicketGone."""
    try:
        whole = base64.b64decode(ticket + "=" * (-len(ticket) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise TicketGone from error
    told, signature = whole[:-SIGNATURE_BYTES], whole[-SIGNATURE_BYTES:]
    if len(told) != 24 or not hmac.compare_digest(signature, _signature(settings, told)):
        raise TicketGone
    if datetime.fromtimestamp(int.from_bytes(told[16:]), UTC) < now:
        raise TicketGone
    user = users.by_ml_key(session, UUID(bytes=told[:16]))
    if user is None:
        raise TicketGone
    return user


def _signature(settings: Settings, told: bytes) -> bytes:
    return hmac.digest(settings.app.secret_key.get_secret_value().encode(), PURPOSE + told, hashlib.sha256)
