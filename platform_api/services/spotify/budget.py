"""Whether a call may be made now. The answer is kept in the database: it holds for all workers and across restarts."""

import math
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy.orm import Session

from platform_api.core.settings import SpotifySettings
from platform_api.crud import spotify, spotify_budget
from platform_api.db.session import Sessions
from platform_api.models import SpotifyGate
from platform_api.services.spotify.troubles import TooManyCalls, Wait

Purpose = Literal["look", "link", "enrich"]

FIRST_GUESS = {"rate_limited": timedelta(seconds=30), "quota": timedelta(hours=1)}
"""How long to be quiet where Spotify does not say; twice as long after each further refusal."""
LONGEST_GUESS = {"rate_limited": timedelta(hours=1), "quota": timedelta(hours=24)}
SPARE_LOOKS = 7
"""Looks a day beyond the regular ones of each listener: pressed by hand, or made earlier after an outage."""
LISTENERS_EXPECTED = 5
"""As many as an app in development may have: whoever connects later in the day finds calls left for their looks."""

log = structlog.get_logger(__name__)


def check(sessions: Sessions, settings: SpotifySettings, purpose: Purpose, now: datetime) -> None:
    """Raises Wait where no call may be made now: before anything is done for one."""
    with sessions() as session:
        _may_be_made(session, spotify_budget.gate(session), settings, purpose, now)


def spend(sessions: Sessions, settings: SpotifySettings, purpose: Purpose, now: datetime) -> None:
    """Counts one call that is about to be made. Raises Wait where it may not be made now."""
    with sessions.begin() as session:
        _may_be_made(session, spotify_budget.hold_gate(session), settings, purpose, now)
        spotify_budget.count(session, now, purpose)


def left_for_enrichment(session: Session, settings: SpotifySettings, now: datetime) -> int:
    """Calls that may be spent on look-ups before older ones leave the window."""
    return max(0, _allowance(session, settings, "enrich") - spotify_budget.used(session, now))


def went_well(sessions: Sessions) -> None:
    """An answer came: the next refusal without a word counts as the first again."""
    with sessions.begin() as session:
        gate = spotify_budget.gate(session)
        if gate is not None and gate.refusals:
            spotify_budget.hold_gate(session).refusals = 0


def be_quiet(sessions: Sessions, refusal: TooManyCalls, now: datetime) -> Wait:
    """Closes the gate for everybody as long as Spotify said, or as long as experience says; never opens it earlier.
    `now` is when the refusal came: what Spotify says counts from then.
    """
    reason = "quota" if refusal.quota else "rate_limited"
    with sessions.begin() as session:
        gate = spotify_budget.hold_gate(session)
        if refusal.retry_after_s is not None:
            wait = timedelta(seconds=math.ceil(refusal.retry_after_s))
        else:
            wait = min(FIRST_GUESS[reason] * 2 ** min(gate.refusals, 20), LONGEST_GUESS[reason])
        until = now + wait
        gate.refusals += 1
        if gate.closed_until is None or gate.closed_until < until:
            gate.closed_until, gate.reason, gate.told_at = until, reason, now
        until, reason = gate.closed_until, gate.reason or reason
    log.warning("spotify asked for quiet", until=until.isoformat(), reason=reason, told=refusal.retry_after_s)
    return Wait(until, reason)


def _may_be_made(
    session: Session, gate: SpotifyGate | None, settings: SpotifySettings, purpose: Purpose, now: datetime
) -> None:
    if gate is not None and gate.closed_until is not None and gate.closed_until > now:
        raise Wait(gate.closed_until, gate.reason or "rate_limited")
    over = spotify_budget.used(session, now) + 1 - _allowance(session, settings, purpose)
    if over > 0:
        raise Wait(spotify_budget.free_again_at(session, now, over), "own_budget")


def _allowance(session: Session, settings: SpotifySettings, purpose: Purpose) -> int:
    """Look-ups leave alone what looks at all listeners take in a day, also at those who connect before it ends."""
    if purpose != "enrich":
        return settings.daily_calls
    looks = math.ceil(24 * 60 / settings.look_every_minutes) + SPARE_LOOKS
    return settings.daily_calls - looks * max(spotify.active_count(session), LISTENERS_EXPECTED)
