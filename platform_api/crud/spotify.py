"""Questions about links to Spotify and about people on their way there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from platform_api.models import SpotifyAuthorisation, SpotifyLink, User

CONNECTED = ("active", "reconnect")


def link_of(session: Session, user_id: int) -> SpotifyLink | None:
    return session.get(SpotifyLink, user_id)


def hold_link(session: Session, user_id: int) -> SpotifyLink | None:
    """The link as it is now; until the transaction ends nobody else changes it, or refreshes its token.

    The listener is kept first, as the deletion of an account takes them: the other order could deadlock with it.
    """
    session.execute(select(User.id).where(User.id == user_id).with_for_update(read=True, key_share=True))
    held = select(SpotifyLink).where(SpotifyLink.user_id == user_id).with_for_update()
    return session.scalar(held.execution_options(populate_existing=True))


def account_belongs_to_somebody_else(session: Session, account_id: str, user_id: int) -> bool:
    taken = select(SpotifyLink.user_id).where(
        SpotifyLink.account_id == account_id, SpotifyLink.user_id != user_id, SpotifyLink.state.in_(CONNECTED)
    )
    return session.scalar(taken) is not None


def add_link(session: Session, user_id: int, account_id: str, consented_at: datetime) -> None:
    """Nothing happens where the listener has a link already. Raises IntegrityError for an account linked elsewhere."""
    new = insert(SpotifyLink).values(user_id=user_id, account_id=account_id, consented_at=consented_at)
    session.execute(new.on_conflict_do_nothing(index_elements=["user_id"]))


def remove_link(session: Session, user_id: int) -> None:
    session.execute(delete(SpotifyLink).where(SpotifyLink.user_id == user_id))


def connected_count(session: Session) -> int:
    return session.scalar(select(func.count()).where(SpotifyLink.state.in_(CONNECTED))) or 0


def active_count(session: Session) -> int:
    return session.scalar(select(func.count()).where(SpotifyLink.state == "active")) or 0


def claim_due_looks(session: Session, now: datetime, claimed_for: timedelta) -> Sequence[int]:
    """Listeners whose next look is due, each told to one asker only; a claim that comes to nothing is due again."""
    return _claim(session, SpotifyLink.next_look_at <= now, next_look_at=now + claimed_for)


def claim_due_enrichment(session: Session, now: datetime, claimed_for: timedelta) -> Sequence[int]:
    wanted = SpotifyLink.enrich & (SpotifyLink.next_enrich_at <= now)
    return _claim(session, wanted, next_enrich_at=now + claimed_for)


def claim_ending_consents(session: Session, consented_before: datetime, now: datetime) -> Sequence[int]:
    """Listeners to be warned that their consent ends soon, each once per consent."""
    ending = SpotifyLink.warned_at.is_(None) & (SpotifyLink.consented_at <= consented_before)
    return _claim(session, ending, warned_at=now)


def _claim(session: Session, due: ColumnElement[bool], **changes: datetime) -> Sequence[int]:
    """Active links for which `due` holds, changed so that it does not; who is being deleted is left alone."""
    kept = (
        select(User.id)
        .join(SpotifyLink, SpotifyLink.user_id == User.id)
        .where(SpotifyLink.state == "active", due)
        .order_by(User.id)
        .with_for_update(of=User, read=True, key_share=True, skip_locked=True)
    )
    ids = list(session.scalars(kept))
    if not ids:
        return []
    claimed = update(SpotifyLink).where(SpotifyLink.user_id.in_(ids), SpotifyLink.state == "active", due)
    return session.scalars(claimed.values(**changes).returning(SpotifyLink.user_id)).all()


def due_to_be_forgotten(session: Session, now: datetime) -> Sequence[int]:
    due = select(SpotifyLink.user_id).where(SpotifyLink.state == "disconnected", SpotifyLink.forget_after <= now)
    return session.scalars(due).all()


def add_authorisation(
    session: Session, user_id: int, state_sha256: bytes, verifier_encrypted: bytes, expires_at: datetime
) -> None:
    session.add(
        SpotifyAuthorisation(
            user_id=user_id,
            state_sha256=state_sha256,
            verifier_encrypted=verifier_encrypted,
            expires_at=expires_at,
        )
    )
    session.flush()


def use_authorisation(session: Session, user_id: int, state_sha256: bytes, now: datetime) -> bytes | None:
    """The encrypted verifier of this person's own unused attempt, which is gone afterwards; else None."""
    used = delete(SpotifyAuthorisation).where(
        SpotifyAuthorisation.state_sha256 == state_sha256,
        SpotifyAuthorisation.user_id == user_id,
        SpotifyAuthorisation.expires_at > now,
    )
    return session.scalar(used.returning(SpotifyAuthorisation.verifier_encrypted))


def sweep_authorisations(session: Session, user_id: int, now: datetime, keep: int) -> None:
    """Forgets expired attempts of everybody, and all but the newest `keep` of this person."""
    newest = (
        select(SpotifyAuthorisation.state_sha256)
        .where(SpotifyAuthorisation.user_id == user_id)
        .order_by(SpotifyAuthorisation.created_at.desc())
        .limit(keep)
    )
    session.execute(
        delete(SpotifyAuthorisation).where(
            or_(
                SpotifyAuthorisation.expires_at <= now,
                (SpotifyAuthorisation.user_id == user_id) & SpotifyAuthorisation.state_sha256.not_in(newest),
            )
        )
    )
