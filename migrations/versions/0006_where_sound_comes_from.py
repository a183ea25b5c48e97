"""What became of every audio file, upload and preview, and from which of them a track was heard."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sound_sources",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="library, upload or deezer"),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="who uploaded it; null where it is nobody's"),
        sa.Column("name", sa.Text(), nullable=False, comment="path in the library, file name of the upload, or track key"),
        sa.Column("track_id", sa.BigInteger(), nullable=True),
        sa.Column("matched_by", sa.Text(), nullable=True, comment="tags, names, duration, isrc or listener"),
        sa.Column("outcome", sa.Text(), nullable=False, comment="waiting, heard, unmatched or refused"),
        sa.Column("detail", sa.Text(), nullable=True, comment="a sentence for the listener"),
        sa.Column("stored_name", sa.Text(), nullable=True, comment="of an upload that was not heard yet"),
        sa.Column("looked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_sound_sources_track_id_tracks", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sound_sources_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_sound_sources"),
        sa.UniqueConstraint(
            "source", "user_id", "name", name="uq_sound_sources_source_user_id_name", postgresql_nulls_not_distinct=True
        ),
    )
    op.create_index("ix_sound_sources_user_id", "sound_sources", ["user_id"])
    op.create_index("ix_sound_sources_track_id", "sound_sources", ["track_id"])
    op.create_index(
        "ix_sound_sources_looked_at", "sound_sources", ["looked_at"], postgresql_where=sa.text("outcome <> 'heard'")
    )
    op.add_column(
        "track_embeddings",
        sa.Column(
            "source", sa.Text(), server_default=sa.text("'library'"), nullable=False, comment="library, upload or deezer"
        ),
    )


def downgrade() -> None:
    op.drop_column("track_embeddings", "source")
    op.drop_table("sound_sources")
