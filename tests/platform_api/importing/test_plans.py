"""Whom the database's statistics do not know yet is imported as fast as anybody: by the index that fits."""

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from platform_api.crud import grooves, incoming
from platform_api.db.session import Sessions

UNSEEN = 1_000_000


@pytest.fixture
def others_are_known(sessions: Sessions) -> None:
    """Plays of some listeners in every partition, counted by ANALYZE."""
    with sessions.begin() as session:
        session.execute(
            text("""
                INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, source)
                SELECT person, play, moment, moment, 200000, 'spotify_export'
                FROM generate_series(1, 100) AS person, generate_series(1, 300) AS play,
                     LATERAL (SELECT timestamptz '2020-01-01' + play * interval '1 hour' AS moment) AS of_play
            """)
        )
        session.execute(text("ANALYZE plays"))


def conditions(session: Session, statement: TextClause) -> set[str]:
    plan = session.execute(text(f"EXPLAIN {statement.text}"), {"user_id": UNSEEN}).scalars()
    return {line.strip() for line in plan if "Index Cond: (user_id" in line or "Index Cond: ((user_id" in line}


@pytest.mark.usefixtures("others_are_known")
def test_a_known_row_is_found_by_track_and_end(sessions: Sessions) -> None:
    with sessions.begin() as session:
        incoming.begin_incoming(session)
        session.execute(
            text("""
                INSERT INTO incoming_plays (position, user_id, track_id, ended_at, started_at, ms_played, source)
                SELECT track_id, :user_id, track_id, ended_at, started_at, ms_played, source FROM plays
                WHERE user_id = 1
            """),
            {"user_id": UNSEEN},
        )
        told = conditions(session, incoming._FIND_KNOWN)
    assert told
    assert all("track_id" in each and "ended_at" in each for each in told)


@pytest.mark.usefixtures("others_are_known")
def test_a_month_is_packed_by_its_time(sessions: Sessions) -> None:
    with sessions.begin() as session:
        of_plays = {each for each in conditions(session, grooves._REFRESH) if "groove.user_id" in each}
    assert of_plays
    assert all("started_at" in each for each in of_plays)
