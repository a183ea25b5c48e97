"""What a listener changes about their account, and its end."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from platform_api.core.errors import Conflict
from platform_api.core.settings import Settings
from platform_api.crud import spotify, users
from platform_api.crud.jobs import was_queued
from platform_api.models import User
from platform_api.schemas.users import AccountChange
from platform_api.services import jobs
from platform_api.services.accounts.handles import checked, handle_key
from platform_api.utils.cache import Cache
from platform_api.utils.clock import utc_now

LONGEST_REQUEST_S = 60
FORGET_SIGN_IN, FORGET_KEPT = "forget_sign_in", "forget_kept"
FORGET_SPOTIFY_DETAILS = "forget_spotify_details"


class HandleTaken(Conflict):
    detail = "Somebody already has this handle. Please choose another one."


def change_account(session: Session, user: User, change: AccountChange) -> User:
    """Raises HandleTaken, InvalidRequest. Another time zone moves days and months, so what is kept of them is old."""
    wanted = change.model_dump(exclude_none=True)
    handle = wanted.pop("handle", None)
    moves = wanted.get("time_zone", user.time_zone) != user.time_zone
    for field, value in wanted.items():
        setattr(user, field, value)
    if wanted or handle is not None:
        user.changed_at = utc_now()
    if handle is not None:
        user.handle = checked(handle)
        user.handle_key = handle_key(user.handle)
    try:
        session.flush()
    except IntegrityError as error:
        raise HandleTaken from error
    if moves:
        users.bump_data_version(session, user.id)
    session.refresh(user)
    return user


def delete_account(session: Session, cache: Cache, settings: Settings, user: User) -> None:
    """Everything goes in this transaction; the sign-in at Firebase goes by a job, which is tried until it works. Until
    then, and as long as the job is remembered, the sign-in opens no new account (`is_ending`)."""
    uid, ml_key = user.firebase_uid, user.ml_key
    was_connected = spotify.link_of(session, user.id) is not None
    session.expunge(user)
    uploads = users.delete_user(session, user.id)
    jobs.enqueue(session, FORGET_SIGN_IN, {"uid": uid})
    if was_connected:
        jobs.enqueue(session, FORGET_SPOTIFY_DETAILS)
    cache.forget(ml_key)
    # a question that was being answered meanwhile is kept after this, by whoever answers it
    jobs.enqueue(session, FORGET_KEPT, {"ml_key": str(ml_key)}, after_s=LONGEST_REQUEST_S)
    for name in uploads:
        (settings.uploads.dir / name).unlink(missing_ok=True)


def is_ending(session: Session, uid: str) -> bool:
    """Whether the account of this sign-in ended a moment ago: another page of theirs may still be open."""
    return was_queued(session, FORGET_SIGN_IN, {"uid": uid})
