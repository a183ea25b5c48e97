"""What one person alone plays is told to nobody else: two ways of having met a track can be looked up."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_playlist_tracks_track_id", "playlist_tracks", ["track_id"])
    op.create_index("ix_recommendations_shown_user_id_track_id", "recommendations_shown", ["user_id", "track_id"])


def downgrade() -> None:
    op.drop_index("ix_recommendations_shown_user_id_track_id", "recommendations_shown")
    op.drop_index("ix_playlist_tracks_track_id", "playlist_tracks")
