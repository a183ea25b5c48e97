"""Connecting one's Spotify account, and how the connection is."""

from fastapi import APIRouter, Depends, status

from platform_api.api.deps import CurrentUser, NoAccountYet, SessionDep, SessionsDep, SettingsDep, limit
from platform_api.core.errors import NotSignedIn, TooManyRequests, problems
from platform_api.schemas.spotify import Spotify, SpotifyAddress, SpotifyChange, SpotifyReturn
from platform_api.services.spotify import linking
from platform_api.services.spotify.page import page
from platform_api.utils.clock import utc_now

router = APIRouter(prefix="/spotify", tags=["spotify"])
needs_account = problems(NotSignedIn, NoAccountYet)


@router.get("", responses=needs_account)
def read_spotify(user: CurrentUser, session: SessionDep, settings: SettingsDep) -> Spotify:
    """Whether one can connect here, and how your connection is."""
    return page(session, settings, user.id, utc_now())


@router.post(
    "/authorisation",
    responses=needs_account
    | problems(linking.NotConfigured, linking.RedirectNotPossible, linking.NotBefore, TooManyRequests),
    dependencies=[Depends(limit("go to spotify", 20, 600))],
)
def begin_spotify(user: CurrentUser, sessions: SessionsDep, settings: SettingsDep) -> SpotifyAddress:
    """Begins an attempt to connect: send the browser to this address within ten minutes."""
    return SpotifyAddress(url=linking.begin(sessions, settings, user.id, utc_now()))


@router.post(
    "/link",
    responses=needs_account
    | problems(
        linking.AttemptUnknown,
        linking.CodeRefused,
        linking.NotConfigured,
        linking.AppRefused,
        linking.AccountTaken,
        linking.OtherAccount,
        linking.NotBefore,
        linking.SpotifyAway,
        TooManyRequests,
    ),
    dependencies=[Depends(limit("come back from spotify", 20, 600))],
)
def finish_spotify(user: CurrentUser, sessions: SessionsDep, settings: SettingsDep, given: SpotifyReturn) -> Spotify:
    """Ends the attempt with what Spotify sent back. A state works once, for the person who began, for ten minutes."""
    linking.finish(sessions, settings, user.id, given.code, given.state or "", utc_now)
    with sessions() as session:
        return page(session, settings, user.id, utc_now())


@router.patch("/link", responses=needs_account | problems(linking.NotConnected))
def change_spotify(user: CurrentUser, sessions: SessionsDep, settings: SettingsDep, change: SpotifyChange) -> Spotify:
    """Switches the look-ups of tracks on or off."""
    now = utc_now()
    linking.change(sessions, user.id, enrich=change.enrich, now=now)
    with sessions() as session:
        return page(session, settings, user.id, now)


@router.post(
    "/look",
    status_code=status.HTTP_202_ACCEPTED,
    responses=needs_account | problems(linking.NotConnected, linking.NotConfigured, TooManyRequests),
    dependencies=[Depends(limit("look at spotify", 6, 3600))],
)
def look_now(user: CurrentUser, sessions: SessionsDep, settings: SettingsDep) -> Spotify:
    """Looks as soon as a worker is free and Spotify allows it."""
    now = utc_now()
    linking.look_soon(sessions, settings, user.id, now)
    with sessions() as session:
        return page(session, settings, user.id, now)


@router.delete("/link", responses=needs_account | problems(linking.NotConnected))
def disconnect_spotify(
    user: CurrentUser, sessions: SessionsDep, settings: SettingsDep, delete_now: bool = False
) -> Spotify:
    """Deletes the tokens at once. What came from Spotify is deleted in three days, or now."""
    now = utc_now()
    linking.disconnect(sessions, user.id, now, delete_now=delete_now)
    with sessions() as session:
        return page(session, settings, user.id, now)
