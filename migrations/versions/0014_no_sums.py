"""No sums beside the plays any more: whoever asks reads the plays themselves, by index or packed by month."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SUMS = {"daily_tracks": {"track_id": sa.BigInteger()}, "daily_hours": {"hour": sa.SmallInteger(), "kind": sa.Text()}}


def upgrade() -> None:
    for table in SUMS:
        op.drop_table(table)
    # what remains of the job that made the sums anew
    op.execute("UPDATE jobs SET kind = 'settle_plays' WHERE kind = 'rebuild_aggregates'")


def downgrade() -> None:
    op.execute("UPDATE jobs SET kind = 'rebuild_aggregates' WHERE kind = 'settle_plays'")
    for table, by in SUMS.items():
        day = "the listener's local day of started_at" if table == "daily_tracks" else None
        op.create_table(
            table,
            sa.Column("user_id", sa.BigInteger(), nullable=False),
            sa.Column("day", sa.Date(), nullable=False, comment=day),
            *(sa.Column(name, kind, nullable=False) for name, kind in by.items()),
            sa.Column("plays", sa.Integer(), nullable=False),
            sa.Column("listens", sa.Integer(), nullable=False),
            sa.Column("skips", sa.Integer(), nullable=False),
            sa.Column("ms_played", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("user_id", "day", *by, name=op.f(f"pk_{table}")),
        )
        keys = ", ".join(by)
        op.execute(f"""
            INSERT INTO {table} (user_id, day, {keys}, plays, listens, skips, ms_played)
            SELECT user_id, started::date, {keys}, count(*), count(*) FILTER (WHERE is_listen),
                   count(*) FILTER (WHERE is_skip), sum(ms_played)
            FROM (
                SELECT p.user_id, p.track_id, p.kind, p.ms_played, p.is_listen,
                       coalesce(p.skipped, p.reason_end = 'fwdbtn', false) AS is_skip, local.started,
                       extract(hour FROM local.started) AS hour
                FROM counted_plays p JOIN users ON users.id = p.user_id
                CROSS JOIN LATERAL (SELECT p.started_at AT TIME ZONE users.time_zone AS started) AS local
            ) AS plays
            GROUP BY user_id, started::date, {keys}
        """)
