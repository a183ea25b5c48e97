"""What is due: looks, look-ups, warnings that a consent ends, deletions. Workers may all ask at once."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import spotify
from platform_api.services.community import notifications
from platform_api.services.inference.client import InferenceClient
from platform_api.services.jobs import enqueue
from platform_api.services.spotify import enriching
from platform_api.services.spotify.consent import MONTHS, WARNED_BEFORE, before_months
from platform_api.services.spotify.linking import FORGET, LOOK
from platform_api.utils.clock import utc_now

ENRICH = "enrich_from_spotify"
CLAIMED_FOR = timedelta(minutes=10)
"""A look that was claimed and never ended (its job was given up) is due again after this."""
WARNING = "Spotify's permission lasts six months and ends soon. Connect again in Settings, and nothing is missed."


def notice_what_is_due(session: Session, settings: Settings, _: InferenceClient) -> None:
    queue_what_is_due(session, settings, utc_now())


def queue_what_is_due(session: Session, settings: Settings, now: datetime) -> None:
    """Queues a job for each; deletions are due whether or not an app is still configured."""
    for user_id in spotify.due_to_be_forgotten(session, now):
        enqueue(session, FORGET, user_id=user_id, unless_waiting=True)
    if not settings.spotify.client_id:
        return
    for user_id in spotify.claim_due_looks(session, now, CLAIMED_FOR):
        enqueue(session, LOOK, user_id=user_id, unless_waiting=True)
    if enriching.is_on(settings.spotify):
        for user_id in spotify.claim_due_enrichment(session, now, CLAIMED_FOR):
            enqueue(session, ENRICH, user_id=user_id, unless_waiting=True)
    for user_id in spotify.claim_ending_consents(session, before_months(now + WARNED_BEFORE, MONTHS), now):
        notifications.tell(session, user_id, "spotify_ending", detail=WARNING)
