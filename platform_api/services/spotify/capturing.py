"""One look at what a listener played lately, from the call to plays and the state of the link.

A look ends in one of two ways. It succeeded: every readable play of the page is in the history, and `looked_at` says
so. It did not: the link says why and when the next look is, and no play was changed. There is no third.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import captured, catalogue, enrichment, grooves, incoming, spotify, users
from platform_api.crud.enrichment import Details
from platform_api.crud.incoming_rows import IncomingPlay, packed
from platform_api.models import SpotifyLink
from platform_api.models.listening import CAPTURED_S
from platform_api.services.importing.identity import catalogue_entry
from platform_api.services.importing.job import history_batch, settle_later
from platform_api.services.importing.verdicts import NOT_TOLD
from platform_api.services.jobs import JobContext
from platform_api.services.spotify import budget
from platform_api.services.spotify.client import PAGE, SpotifyClient
from platform_api.services.spotify.items import Captured, Page, read_page
from platform_api.services.spotify.tokens import access_token
from platform_api.services.spotify.troubles import (
    NotAllowed,
    Revoked,
    SpotifyTrouble,
    TokenExpired,
    TooManyCalls,
    Unreadable,
    Wait,
)
from platform_api.utils.clock import Clock

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)

log = structlog.get_logger(__name__)


def look(context: JobContext, clock: Clock) -> None:
    """Looks once. Raises JobLost or JobInterrupted only."""
    now = clock()
    try:
        answer = ask(context, clock, "look", lambda client, token: client.recently_played(token))
        page = read_page(answer, now, context.settings.spotify.pictures_from)
        entries = [catalogue_entry(play.item) for play in page.plays]
        with context.sessions.begin() as session:
            context.still_mine(session)
            settle_later(session, catalogue.add_missing_tracks(session, entries))
            tracks = catalogue.tracks_by_key(session, {entry.key for entry in entries})
        told = {tracks[entry.key].id: play.details for play, entry in zip(page.plays, entries, strict=True)}
        _fill(context, told, now)
    except Revoked:
        return  # the link is marked, or gone
    except SpotifyTrouble as trouble:
        _did_not_succeed(context, trouble, clock())
        return
    with history_batch(context) as session:
        link = spotify.hold_link(session, context.user_id)
        if link is None or link.state != "active":
            return
        rows = [
            _row(position, play, tracks[entry.key].id)
            for position, (play, entry) in enumerate(zip(page.plays, entries, strict=True))
        ]
        new = _write(session, context.user_id, rows)
        _succeeded(link, page, context.settings, now)
    log.info("looked at spotify", user=context.user_id, plays=len(page.plays), new=new, unreadable=page.unreadable)


def ask(context: JobContext, clock: Clock, purpose: budget.Purpose, call: Any) -> dict[str, Any]:
    """One call within the budget, with a good token; a token that is refused is renewed once. While no call may be
    made, no token is renewed either. Raises SpotifyTrouble.
    """
    client = SpotifyClient(context.settings.spotify)
    refused: str | None = None
    while True:
        try:
            budget.check(context.sessions, context.settings.spotify, purpose, clock())
            token = access_token(context.sessions, context.settings, context.user_id, clock(), not_this=refused)
            budget.spend(context.sessions, context.settings.spotify, purpose, clock())
            answer: dict[str, Any] = call(client, token)
        except TooManyCalls as error:
            raise budget.be_quiet(context.sessions, error, clock()) from error
        except TokenExpired as error:
            if refused is not None:
                raise NotAllowed("a token that was just made is refused") from error
            refused = token
        else:
            budget.went_well(context.sessions)
            return answer


def _fill(context: JobContext, told: Mapping[int, Details], now: datetime) -> None:
    """The page describes its tracks, so they need no look-up. One transaction each: the catalogue is shared, and two
    listeners who play the same albums must not wait for each other in a circle. Each holds the link: nothing is written
    back after the last listener left and it was forgotten.
    """
    with context.sessions.begin() as session:
        unasked = enrichment.not_asked_about(session, told)
    for track_id in unasked:
        with context.sessions.begin() as session:
            link = spotify.hold_link(session, context.user_id)
            if link is None or link.state != "active":
                return
            enrichment.fill(session, track_id, told[track_id], now)


def _row(position: int, play: Captured, track_id: int) -> IncomingPlay:
    """The length is not told; `captured.estimate` says what it can be at most, once the neighbours are known."""
    shortest = timedelta(milliseconds=captured.SHORTEST_PLAY_MS)
    return IncomingPlay(
        position, track_id, play.played_at, play.played_at - shortest, captured.SHORTEST_PLAY_MS, CAPTURED_S, None,
        "song", NOT_TOLD,
    )  # fmt: skip


def _write(session: Session, user_id: int, rows: list[IncomingPlay]) -> int:
    """Upserts; the number of plays that are new."""
    if not rows:
        return 0
    once = {row[1:3]: row for row in rows}
    rows_once = packed(once.values())
    incoming.copy_incoming(session, rows_once, user_id=user_id, source=captured.SOURCE, import_file_id=None)
    merged = incoming.merge_incoming(
        session, user_id, has_coarse=False, may_replace_coarse=False, are_captured=True, keep_retold=False
    )
    captured.keep_known_better(session, merged.duplicates)
    new = len(once) - len(merged.duplicates) - len(merged.deleted)
    lasts_otherwise = captured.estimate(session, user_id, min(row[2] for row in rows))
    if new or lasts_otherwise or "adds_detail" in merged.duplicates.values():
        grooves.refresh(session, user_id)
        users.bump_data_version(session, user_id)
    return new


def _succeeded(link: SpotifyLink, page: Page, settings: Settings, now: datetime) -> None:
    known_until = link.captured_until
    if page.plays:
        oldest, newest = page.plays[0].played_at, page.plays[-1].played_at
        if known_until is not None and page.entries >= PAGE and oldest > known_until:
            link.gap_at = now
        link.captured_until = max(newest, known_until or newest)
    link.looked_at = now
    link.failures = 0
    link.trouble = link.trouble_since = None
    if page.unreadable:  # what could be read is kept; that something could not is no success to keep quiet about
        link.trouble, link.trouble_since = Unreadable.name, now
    link.next_look_at = now + timedelta(minutes=settings.spotify.look_every_minutes)


def _did_not_succeed(context: JobContext, trouble: SpotifyTrouble, now: datetime) -> None:
    """Says on the link what happened and when to look again; nothing is lost, the next look asks for the same page."""
    with context.sessions.begin() as session:
        link = spotify.hold_link(session, context.user_id)  # the listener before the job, as who deletes them
        context.still_mine(session)
        if link is None or link.state != "active":
            return
        if link.trouble != trouble.name:
            link.trouble, link.trouble_since = trouble.name, now
        if isinstance(trouble, Wait):
            link.next_look_at = trouble.until
        else:
            link.failures += 1
            pause = min(FIRST_PAUSE * 2 ** min(link.failures - 1, 20), LONGEST_PAUSE)
            link.next_look_at = now + max(pause, trouble.lasts)
    log.warning("could not look at spotify", user=context.user_id, trouble=trouble.name, error=str(trouble))
