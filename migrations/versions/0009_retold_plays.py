"""Rows that tell a play which another row tells better, kept for the day an import is undone; Maloja as a source."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OLD = "duplicate, skipped or broken"
NEW = "accepted, duplicate, skipped or broken"


def upgrade() -> None:
    op.create_table(
        "retold_plays",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("track_id", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ms_played", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("precision_s", sa.SmallInteger(), nullable=False),
        sa.Column("reason_start", sa.Text(), nullable=True),
        sa.Column("reason_end", sa.Text(), nullable=True),
        sa.Column("shuffle", sa.Boolean(), nullable=True),
        sa.Column("skipped", sa.Boolean(), nullable=True),
        sa.Column("offline", sa.Boolean(), nullable=True),
        sa.Column("offline_timestamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column("incognito", sa.Boolean(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("import_file_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retold_plays")),
    )
    op.create_index(
        op.f("ix_retold_plays_user_id_track_id_ended_at"), "retold_plays", ["user_id", "track_id", "ended_at"]
    )
    op.alter_column("import_rejects", "verdict", comment=NEW, existing_comment=OLD)
    op.execute("INSERT INTO play_sources (source, may_train, may_narrate) VALUES ('maloja', true, true)")


def downgrade() -> None:
    op.execute("DELETE FROM play_sources WHERE source = 'maloja'")
    op.alter_column("import_rejects", "verdict", comment=OLD, existing_comment=NEW)
    op.drop_table("retold_plays")
