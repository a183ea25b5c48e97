"""Genres, as the tags of audio files give them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "track_genres",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("track_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="whose upload says so; null: a file of the library"),
        sa.Column("genre", sa.Text(), nullable=False, comment="as the file writes it"),
        sa.Column("genre_key", sa.Text(), nullable=False, comment="the normalised name"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_track_genres_track_id_tracks", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_track_genres_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_track_genres"),
        sa.UniqueConstraint(
            "track_id", "user_id", "genre_key", name="uq_track_genres_track_id_user_id_genre_key",
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    op.create_index("ix_track_genres_user_id", "track_genres", ["user_id"])


def downgrade() -> None:
    op.drop_table("track_genres")
