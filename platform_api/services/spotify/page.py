"""What Settings shows: how the link is, in words."""

from datetime import datetime

from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import captured, enrichment, spotify, spotify_budget
from platform_api.models import SpotifyGate, SpotifyLink, User
from platform_api.schemas.spotify import Enrichment, LinkState, Spotify, SpotifyConnection
from platform_api.services.analytics.history import history_of
from platform_api.services.spotify import budget, consent, enriching, linking
from platform_api.services.spotify.troubles import WAITS, WHY

NO_APP = (
    "The operator of this Tonearm has not registered a Spotify app. Make one at developer.spotify.com (its owner needs"
    " Premium), enter the address below as its redirect URI, and set SPOTIFY_CLIENT_ID. Everything else here works"
    " without it."
)
APP_IS_GONE = (
    "This Tonearm has no Spotify app any more, so nothing is looked at until its operator sets SPOTIFY_CLIENT_ID again."
    " What came is kept."
)


def page(session: Session, settings: Settings, user_id: int, now: datetime) -> Spotify:
    obstacle = None
    if not settings.spotify.client_id:
        obstacle = NO_APP
    elif not linking.redirect_is_possible(settings):
        obstacle = linking.RedirectNotPossible.detail
    link = spotify.link_of(session, user_id)
    return Spotify(
        configured=obstacle is None,
        obstacle=obstacle,
        redirect_uri=linking.redirect_uri(settings),
        stand_in=settings.spotify.is_stand_in,
        look_every_minutes=settings.spotify.look_every_minutes,
        connection=_connection(session, settings, link, now) if link is not None else None,
    )


def _connection(session: Session, settings: Settings, link: SpotifyLink, now: datetime) -> SpotifyConnection:
    ends_at = consent.ends_at(link.consented_at)
    plays, ms_played, since = captured.summary(session, link.user_id)
    gate = spotify_budget.gate(session)
    state, until, trouble = _state(settings, link, gate, now)
    return SpotifyConnection(
        state=state,
        account_name=link.account_name,
        consented_at=link.consented_at,
        consent_ends_at=ends_at,
        consent_days_left=max(0, (ends_at - now).days),
        consent_ends_soon=link.state == "active" and ends_at - now <= consent.WARNED_BEFORE,
        looked_at=link.looked_at,
        next_look_at=None if state == "off" else max(filter(None, (link.next_look_at, until)), default=None),
        waiting_until=until,
        why=APP_IS_GONE if state == "off" else WHY.get(trouble or ""),
        trouble_since=link.trouble_since if trouble == link.trouble else None,
        gap_at=link.gap_at if link.gap_at and not captured.is_exported(session, link.user_id, link.gap_at) else None,
        captured_plays=plays,
        captured_ms=ms_played,
        captured_since=since,
        deleted_at=link.forget_after,
        enrichment=_enrichment(session, settings, link, now),
    )


def _state(
    settings: Settings, link: SpotifyLink, gate: SpotifyGate | None, now: datetime
) -> tuple[LinkState, datetime | None, str | None]:
    """The state in one word; for `waiting`, until when; the trouble behind it."""
    if link.state == "disconnected":
        return "disconnected", None, None
    if link.state == "reconnect":
        return "reconnect", None, None
    if not settings.spotify.client_id:
        return "off", None, None
    if gate is not None and gate.closed_until is not None and gate.closed_until > now:
        return "waiting", gate.closed_until, gate.reason
    if link.trouble in WAITS:
        waits = link.next_look_at is not None and link.next_look_at > now
        return ("waiting", link.next_look_at, link.trouble) if waits else ("connected", None, None)
    return ("failing" if link.trouble is not None else "connected"), None, link.trouble


def _enrichment(session: Session, settings: Settings, link: SpotifyLink, now: datetime) -> Enrichment:
    heard = history_of(session, session.get_one(User, link.user_id)).track_ids
    total, known = enrichment.progress(session, heard.tolist())
    return Enrichment(
        allowed_here=enriching.is_on(settings.spotify),
        on=link.enrich,
        known=known,
        total=total,
        calls_left=budget.left_for_enrichment(session, settings.spotify, now),
    )
