"""What a listener says about their own history: merged recordings, hidden artists, plays deleted or corrected by hand.

Two columns of `plays` carry what follows from it for a play, NULL for nearly all of them: no row is written here and
none grows. `counted_plays` is the one way to read them; training reads the same.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTED_PLAYS = """
CREATE VIEW counted_plays AS
SELECT user_id, coalesce(counted_as, track_id) AS track_id, track_id AS played_track_id, ended_at, started_at,
       ms_played, kind, source, precision_s, reason_start, reason_end, shuffle, skipped, offline, offline_timestamp,
       incognito, platform, country, import_file_id, is_listen
FROM plays WHERE hidden IS NOT TRUE
"""
TRAINING_PLAYS = """
CREATE OR REPLACE VIEW ml.plays WITH (security_barrier) AS
SELECT users.ml_key AS user_key, users.time_zone, tracks.key AS track_key, artists.key AS artist_key, plays.kind,
       plays.started_at, plays.ended_at, plays.ms_played, plays.is_listen, plays.reason_start, plays.reason_end,
       plays.shuffle, plays.skipped, plays.offline, plays.source
FROM {plays} plays
JOIN users ON users.id = plays.user_id AND users.may_train
JOIN play_sources ON play_sources.source = plays.source AND play_sources.may_train
JOIN tracks ON tracks.id = plays.track_id
JOIN artists ON artists.id = tracks.artist_id
WHERE plays.incognito IS NOT TRUE
"""


def upgrade() -> None:
    op.add_column("plays", sa.Column("counted_as", sa.BigInteger(), nullable=True, comment="the track it counts as (track_merges); NULL: track_id"))
    op.add_column("plays", sa.Column("hidden", sa.Boolean(), nullable=True, comment="true: does not count (hidden_artists); else NULL"))
    op.create_table(
        "track_merges",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=False),
        sa.Column("counted_as", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, comment="isrc, name or by_hand"),
        sa.Column("merged_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("track_id <> merged_into AND track_id <> counted_as", name=op.f("ck_track_merges_not_itself")),
        sa.ForeignKeyConstraint(["merged_into"], ["tracks.id"], name=op.f("fk_track_merges_merged_into_tracks")),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name=op.f("fk_track_merges_track_id_tracks")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_track_merges_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "track_id", name=op.f("pk_track_merges")),
    )
    op.create_index(op.f("ix_track_merges_user_id_counted_as"), "track_merges", ["user_id", "counted_as"], unique=False)
    op.create_table(
        "merge_refusals",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("track_id < other_id", name=op.f("ck_merge_refusals_in_order")),
        sa.ForeignKeyConstraint(["other_id"], ["tracks.id"], name=op.f("fk_merge_refusals_other_id_tracks")),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name=op.f("fk_merge_refusals_track_id_tracks")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_merge_refusals_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "track_id", "other_id", name=op.f("pk_merge_refusals")),
    )
    op.create_table(
        "hidden_artists",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("artist_id", sa.BigInteger(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artists.id"], name=op.f("fk_hidden_artists_artist_id_artists")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_hidden_artists_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "artist_id", name=op.f("pk_hidden_artists")),
    )
    op.create_table(
        "play_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="deleted, corrected or added"),
        sa.Column("plays", sa.Integer(), nullable=False, comment="how many plays it touched"),
        sa.Column("track_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_play_changes_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_play_changes")),
    )
    op.create_index(op.f("ix_play_changes_user_id"), "play_changes", ["user_id"], unique=False)
    op.create_table(
        "deleted_plays",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ms_played", sa.Integer(), nullable=False),
        sa.Column("precision_s", sa.SmallInteger(), nullable=False),
        sa.Column("play", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="the row of plays"),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["play_changes.id"], name=op.f("fk_deleted_plays_change_id_play_changes"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_deleted_plays_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "track_id", "ended_at", name=op.f("pk_deleted_plays")),
    )
    op.create_index(op.f("ix_deleted_plays_change_id"), "deleted_plays", ["change_id"], unique=False)
    op.execute(COUNTED_PLAYS)
    op.execute(TRAINING_PLAYS.format(plays="counted_plays"))


def downgrade() -> None:
    op.execute(TRAINING_PLAYS.format(plays="plays"))
    op.execute("DROP VIEW counted_plays")
    op.drop_table("deleted_plays")
    op.drop_table("play_changes")
    op.drop_table("hidden_artists")
    op.drop_table("merge_refusals")
    op.drop_table("track_merges")
    op.drop_column("plays", "hidden")
    op.drop_column("plays", "counted_as")
