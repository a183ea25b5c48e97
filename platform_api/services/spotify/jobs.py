"""What the worker runs, with the clock handed on: a job lasts, and what Spotify says counts from when it says it."""

from sqlalchemy.orm import Session

from platform_api.crud import captured, enrichment, grooves, spotify, users
from platform_api.services.importing.job import history_batch
from platform_api.services.jobs import JobContext
from platform_api.services.spotify import capturing, enriching
from platform_api.utils.clock import utc_now


def look_at_spotify(context: JobContext) -> None:
    capturing.look(context, utc_now)


def enrich_from_spotify(context: JobContext) -> None:
    enriching.enrich(context, utc_now)


def forget_spotify(context: JobContext) -> None:
    """Deletes what came from Spotify for a listener who disconnected and has not come back; with the last of them, also
    what its Web API told about tracks.
    """
    with history_batch(context) as session:
        link = spotify.hold_link(session, context.user_id)
        if link is None or link.state != "disconnected":
            return
        captured.forget(session, context.user_id)
        grooves.refresh(session, context.user_id)
        users.bump_data_version(session, context.user_id)
        spotify.remove_link(session, context.user_id)
        _forget_details_with_the_last(session)


def forget_spotify_details(context: JobContext) -> None:
    """After the account of a listener who was connected ended: it may have been the last."""
    with context.sessions.begin() as session:
        context.still_mine(session)
        _forget_details_with_the_last(session)


def _forget_details_with_the_last(session: Session) -> None:
    if spotify.connected_count(session) == 0:
        enrichment.forget_all(session)
        users.bump_every_data_version(session)  # kept answers show covers
