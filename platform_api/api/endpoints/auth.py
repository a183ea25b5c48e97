"""Opening a session, and one's own account."""

from fastapi import APIRouter, Depends, status

from platform_api.api.deps import (
    CacheDep,
    CurrentIdentity,
    CurrentUser,
    IdentityVerifierDep,
    NoAccountYet,
    SessionDep,
    SettingsDep,
    limit,
)  # fmt: skip
from platform_api.core.errors import NotSignedIn, TooManyRequests, problems
from platform_api.core.security import SignInUnavailable
from platform_api.crud import users
from platform_api.schemas.users import Account, AccountChange, NewSession
from platform_api.services.accounts import changes, sessions

router = APIRouter(tags=["auth"], responses=problems(NotSignedIn, NoAccountYet, SignInUnavailable))


@router.post(
    "/auth/session",
    responses=problems(sessions.NoNewAccounts, TooManyRequests),
    dependencies=[Depends(limit("session", 60, 60))],
)
def open_account(identity: CurrentIdentity, session: SessionDep, settings: SettingsDep, new: NewSession) -> Account:
    """Call after each sign-in. The first one makes the account, with this time zone and a free handle."""
    user = sessions.open_account(session, settings.app, identity, new.time_zone)
    return sessions.account_of(session, user)


@router.get("/me")
def read_account(user: CurrentUser, session: SessionDep) -> Account:
    return sessions.account_of(session, user)


@router.patch("/me", responses=problems(changes.HandleTaken))
def change_account(user: CurrentUser, session: SessionDep, change: AccountChange) -> Account:
    """A new time zone moves every day and month, at once."""
    return sessions.account_of(session, changes.change_account(session, user, change))


@router.delete("/me", status_code=status.HTTP_204_NO_CONTENT)
def delete_account(
    identity: CurrentIdentity,
    session: SessionDep,
    cache: CacheDep,
    settings: SettingsDep,
    verifier: IdentityVerifierDep,
) -> None:
    """Removes the account and everything that belongs to it, at once and for good.

    Where there is none any more, that is done: whoever did not get the first answer may ask again.
    """
    user = users.by_firebase_uid(session, identity.uid)
    if user is not None:
        changes.delete_account(session, cache, settings, user)
        verifier.forget(identity.uid)
