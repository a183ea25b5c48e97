"""Plays deleted by hand beside what comes in: pairs of one title that lie on the same days, for others to look closer.

Compared by title alone, every row of a song would meet every deleted play of it. Two rows that tell one play overlap or
lie minutes apart (`incoming_scrobbles.py`, `captured.py`), so they share a day where one of them is made a day wider on
both sides.
"""


def _days(row: str, around: int) -> str:
    """The days (UTC, as a number) from a row's start to its end, and as many before and after them."""
    first, last = (
        f"floor(extract(epoch FROM {end}({row}.started_at, {row}.ended_at)) / 86400)::int"
        for end in ("least", "greatest")
    )
    return f"generate_series({first} - {around}, {last} + {around})"


TOLD_AND_DELETED = f"""
    WITH told AS MATERIALIZED (
        SELECT i.position, i AS incoming, t.id, t.artist_id, t.name_key, day
        FROM incoming_plays i JOIN tracks t ON t.id = i.track_id, {_days("i", 0)} AS day
    ),
    deleted AS MATERIALIZED (
        SELECT d.*, same.id, same.artist_id, same.name_key, day
        FROM deleted_plays d JOIN tracks same ON same.id = d.track_id, {_days("d", 1)} AS day
        WHERE d.user_id = :user_id
    )
"""
"""Begins a statement: rows that come in (`told`) and deleted plays, to be joined USING (name_key, day)."""
PAIRS = f"""
    {TOLD_AND_DELETED}
    DELETE FROM incoming_plays i
    USING told t JOIN deleted d USING (name_key, day)
    WHERE i.position = t.position
"""
"""Begins a statement that deletes rows `i` of `incoming_plays`, whose track is `t`, told by deleted plays `d`."""
