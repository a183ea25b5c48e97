"""Whom the database never counted is imported as fast as anybody: each row looks up a few plays, not all of theirs."""

import re

import pytest
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from platform_api.crud import captured, grooves, incoming, incoming_scrobbles, standing
from platform_api.db.session import Sessions

UNSEEN = 1_000_000
FOR_EACH_ROW = {
    "which rows are known": incoming._FIND_KNOWN,
    "which of two is better": incoming._COMPARE_KNOWN,
    "minutes whose second is known": incoming._EXACT_ALREADY_KNOWN,
    "minutes that give way": incoming._COARSE_GIVE_WAY,
    "scrobbles better known": incoming_scrobbles._BETTER_KNOWN,
    "scrobbles known": incoming_scrobbles._ALREADY_KNOWN,
    "scrobbles that give way": incoming_scrobbles._WORSE_GIVE_WAY,
    "captured plays better known": captured._KNOWN_BETTER,
    "captured plays known": captured._TOLD_BEFORE,
    "captured plays that give way": captured._GIVE_WAY,
    "what stands for a duplicate": standing._STANDING,
    "what a month is packed from": grooves._REFRESH,
}
LOOKED_UP = re.compile(r"Scan (?:using|on) plays_p\d\d_\w+.*\n\s*Index Cond: (.*)")


@pytest.fixture
def others_are_counted(sessions: Sessions) -> None:
    """Plays of a few listeners in the same partition, counted by ANALYZE."""
    with sessions.begin() as session:
        session.execute(
            text("""
                INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, source)
                SELECT person, play, moment, moment, 200000, 'spotify_export'
                FROM generate_series(0, 15) AS part, generate_series(1, 100) AS person,
                     generate_series(1, 2000) AS play,
                     LATERAL (SELECT timestamptz '2020-01-01' + play * interval '1 hour' AS moment) AS of_play
                WHERE satisfies_hash_partition('plays'::regclass, 16, part, person::bigint)
                AND satisfies_hash_partition('plays'::regclass, 16, part, CAST(:user_id AS bigint))
            """),
            {"user_id": UNSEEN},
        )
        session.execute(text("ANALYZE plays"))


def looked_up(session: Session, statement: TextClause) -> list[str]:
    """By which conditions plays are found, as the planner means to."""
    every = {
        "user_id": UNSEEN,
        "positions": [1],
        "track_ids": [1],
        "ends": ["2020-01-01T00:00:00Z"],
        "took_place": [False],
    }
    needed = {name: every[name] for name in statement.compile().params}
    plan = session.execute(text(f"EXPLAIN {statement.text}"), needed).scalars()
    return LOOKED_UP.findall("\n".join(plan))


@pytest.mark.usefixtures("others_are_counted")
def test_the_plays_of_a_row_are_found_by_more_than_whose_they_are(sessions: Sessions) -> None:
    with sessions.begin() as session:
        incoming.begin_incoming(session)
        session.execute(
            text("""
                INSERT INTO incoming_plays (position, user_id, track_id, ended_at, started_at, ms_played, source)
                SELECT play, :user_id, play, moment, moment, 200000, 'spotify_export'
                FROM generate_series(1, 2000) AS play,
                     LATERAL (SELECT timestamptz '2020-01-01' + play * interval '1 hour' AS moment) AS of_play
            """),
            {"user_id": UNSEEN},
        )
        session.execute(text("INSERT INTO known_plays SELECT * FROM incoming_plays"))
        conditions = {name: looked_up(session, statement) for name, statement in FOR_EACH_ROW.items()}
    of_everything = f"(user_id = {UNSEEN})"
    assert [name for name, found in conditions.items() if not found or of_everything in found] == []
