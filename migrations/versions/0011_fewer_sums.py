"""No sums by month and artist any more: questions about artists read the plays as columns, and nobody read these."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("monthly_artists")


def downgrade() -> None:
    op.create_table(
        "monthly_artists",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the local month"),
        sa.Column("artist_id", sa.BigInteger(), nullable=False),
        sa.Column("plays", sa.Integer(), nullable=False),
        sa.Column("listens", sa.Integer(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("ms_played", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "month", "artist_id", name=op.f("pk_monthly_artists")),
    )
    op.execute("""
        INSERT INTO monthly_artists (user_id, month, artist_id, plays, listens, skips, ms_played)
        SELECT daily.user_id, date_trunc('month', daily.day)::date, tracks.artist_id, sum(daily.plays),
               sum(daily.listens), sum(daily.skips), sum(daily.ms_played)
        FROM daily_tracks daily JOIN tracks ON tracks.id = daily.track_id
        GROUP BY 1, 2, 3
    """)
