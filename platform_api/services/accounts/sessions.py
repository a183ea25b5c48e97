"""The first sign-in makes the account; every later one finds it."""

import unicodedata
from itertools import islice

from sqlalchemy.orm import Session

from platform_api.core.errors import ENDED, NotAllowed, NotSignedIn, Unavailable
from platform_api.core.security import Identity
from platform_api.core.settings import AppSettings
from platform_api.crud import users
from platform_api.models import User
from platform_api.schemas.text import tidy_line
from platform_api.schemas.users import Account
from platform_api.services.accounts.changes import is_ending
from platform_api.services.accounts.handles import handle_key, suggestions

LONGEST_NAME = 80
HANDLES_TO_TRY = 50


class NoNewAccounts(NotAllowed):
    title = "No new accounts are made here"
    detail = "Whoever runs this Tonearm has not let this e-mail address in. Please ask them."


def open_account(session: Session, app: AppSettings, identity: Identity, time_zone: str) -> User:
    """Of two first sign-ins at the same time one creates the account and the other finds it.

    Raises NotSignedIn where the account ended a moment ago: a page that is still open must not bring it back. Raises
    NoNewAccounts where the operator's door is closed to this person.
    """
    user = users.by_firebase_uid(session, identity.uid)
    if user is not None:
        user.email = identity.email
        return user
    if is_ending(session, identity.uid):
        raise NotSignedIn(ENDED)
    if not app.may_register(identity.email):
        raise NoNewAccounts
    return _create(session, identity, time_zone)


def account_of(session: Session, user: User) -> Account:
    account = Account.model_validate(user)
    summary = users.listening_summary(session, user.id)
    return account.model_copy(
        update={
            "first_play_at": summary.first_play_at,
            "last_play_at": summary.last_play_at,
            "plays": summary.plays,
        }
    )


def _create(session: Session, identity: Identity, time_zone: str) -> User:
    for handle in islice(suggestions(identity.name), HANDLES_TO_TRY):
        created = users.create_unless_taken(
            session,
            firebase_uid=identity.uid,
            email=identity.email,
            handle=handle,
            handle_key=handle_key(handle),
            display_name=_display_name(identity, handle),
            time_zone=time_zone,
        )
        if created is not None:
            return created
        rival = users.by_firebase_uid(session, identity.uid)
        if rival is not None:
            return rival
    raise Unavailable("No free handle was found. Please try again.")


def _display_name(identity: Identity, handle: str) -> str:
    """What the sign-in provider says, or the handle. Never part of the address: others see it."""
    visible = "".join(letter for letter in identity.name or "" if unicodedata.category(letter) not in {"Cc", "Cf"})
    return tidy_line(visible)[:LONGEST_NAME] if visible.strip() else handle
