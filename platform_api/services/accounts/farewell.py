"""Removes the sign-in of a deleted account at Firebase: a job, so that an outage there only delays it."""

from uuid import UUID

from platform_api.core.security import IdentityVerifier
from platform_api.crud import users
from platform_api.services.jobs import JobContext


def forget_kept(context: JobContext) -> None:
    """Drops what answers that were on their way when the account ended have kept about it."""
    context.cache.forget(UUID(str(context.payload["ml_key"])))


def forget_sign_in(context: JobContext) -> None:
    """Leaves the sign-in alone where the person has opened a new account with it meanwhile."""
    uid = str(context.payload["uid"])
    with context.sessions.begin() as session:
        context.still_mine(session)
        if users.by_firebase_uid(session, uid) is not None:
            return
    verifier = IdentityVerifier(context.settings.firebase)
    try:
        verifier.delete_sign_in(uid)
    finally:
        verifier.close()
