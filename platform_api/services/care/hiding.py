"""Artists that do not count, past and future."""

from sqlalchemy.orm import Session

from platform_api.core.errors import NotFound
from platform_api.crud import grooves, hiding, incoming, told, users
from platform_api.models import User
from platform_api.schemas.care import HiddenArtists, HiddenArtistShown
from platform_api.schemas.tracks import NamedRef


def hidden_artists(session: Session, user: User) -> HiddenArtists:
    return HiddenArtists(
        items=[
            HiddenArtistShown(
                artist=NamedRef(id=each.artist_id, name=each.name), hidden_at=each.hidden_at, plays=each.plays
            )
            for each in hiding.hidden_artists(session, user.id)
        ]
    )


def hide(session: Session, user: User, artist_id: int) -> None:
    """Raises NotFound."""
    _change(session, user, artist_id, hidden=True)


def show_again(session: Session, user: User, artist_id: int) -> None:
    """Raises NotFound."""
    _change(session, user, artist_id, hidden=False)


def _change(session: Session, user: User, artist_id: int, *, hidden: bool) -> None:
    if told.artist(session, user.id, artist_id) is None:
        raise NotFound
    incoming.hold_history(session, user.id)
    if (hiding.hide if hidden else hiding.show)(session, user.id, artist_id):
        grooves.refresh(session, user.id)
        users.bump_data_version(session, user.id)
