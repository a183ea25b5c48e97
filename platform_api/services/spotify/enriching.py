"""Looking up tracks one by one, the most played first: covers, durations, dates, ISRC and all credited artists.

Each answer is written at once, so the place to go on at is the catalogue itself, and nothing is asked twice.
"""

from datetime import datetime, timedelta

import structlog

from platform_api.core.settings import SpotifySettings
from platform_api.crud import enrichment, spotify
from platform_api.models import User
from platform_api.services.analytics.history import history_of
from platform_api.services.jobs import JobContext
from platform_api.services.spotify.capturing import ask
from platform_api.services.spotify.client import SpotifyClient
from platform_api.services.spotify.items import read_track
from platform_api.services.spotify.troubles import Revoked, SpotifyTrouble, Unknown, Unreadable, Wait
from platform_api.utils.clock import Clock

AT_ONCE = 20
"""Look-ups per run; with a minute between runs that stays far below any 30-second limit."""
BETWEEN_RUNS = timedelta(minutes=1)
WHEN_ALL_KNOWN = timedelta(minutes=15)
"""An import may bring thousands of new tracks at any time; looking whether it did asks nobody."""
AFTER_TROUBLE = timedelta(minutes=30)
TROUBLES = 2

log = structlog.get_logger(__name__)


def is_on(settings: SpotifySettings) -> bool:
    return settings.enrichment and bool(settings.client_id)


def enrich(context: JobContext, clock: Clock) -> None:
    """Looks up some tracks and says when to go on. One that cannot be had keeps no other waiting; two in a row mean
    that Spotify is away. Raises JobLost or JobInterrupted only.
    """
    with context.sessions.begin() as session:
        context.still_mine(session)
        link = spotify.link_of(session, context.user_id)
        if link is None or link.state != "active" or not link.enrich or not is_on(context.settings.spotify):
            return
        most_played = history_of(session, session.get_one(User, context.user_id)).most_played()
        waiting = enrichment.to_look_up(session, most_played, AT_ONCE)
    pause = BETWEEN_RUNS if len(waiting) == AT_ONCE else WHEN_ALL_KNOWN
    not_before: datetime | None = None
    known, in_a_row = 0, 0
    for track in waiting:
        try:
            if not _look_up(context, track, clock):
                return  # disconnected or switched off meanwhile
        except Revoked:
            return
        except SpotifyTrouble as trouble:
            log.warning("a look-up failed", track=track.track_id, trouble=trouble.name, error=str(trouble))
            not_before = trouble.until if isinstance(trouble, Wait) else clock() + max(AFTER_TROUBLE, trouble.lasts)
            in_a_row += 1
            if isinstance(trouble, Wait) or in_a_row == TROUBLES:
                break
        else:
            known, in_a_row, not_before = known + 1, 0, None
    go_on_at = not_before or clock() + pause
    with context.sessions.begin() as session:
        link = spotify.hold_link(session, context.user_id)  # the listener before the job, as who deletes them
        context.still_mine(session)
        if link is not None and link.state == "active" and link.enrich:
            link.next_enrich_at = go_on_at
    log.info("looked up tracks", user=context.user_id, tracks=known)


def _look_up(context: JobContext, track: enrichment.Waiting, clock: Clock) -> bool:
    """False where the listener does not want it any more."""

    def call(client: SpotifyClient, token: str) -> object:
        return client.track(token, track.spotify_id)

    try:
        details = read_track(ask(context, clock, "enrich", call), context.settings.spotify.pictures_from)
    except (Unknown, Unreadable) as trouble:
        if isinstance(trouble, Unreadable):
            log.warning("a track that cannot be read", track=track.track_id, error=str(trouble))
        details = None
    with context.sessions.begin() as session:
        link = spotify.hold_link(session, context.user_id)  # nothing comes back after it was forgotten
        context.still_mine(session)
        if link is None or link.state != "active" or not link.enrich:
            return False
        enrichment.fill(session, track.track_id, details, clock())
    return True
