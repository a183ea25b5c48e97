"""What an export of Tonearm brings back beside plays: which imports told it, and which settings they filled."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

RESTORED = (
    "playlists", "track_merges", "merge_refusals", "hidden_artists", "play_changes", "recommendation_feedback",
    "track_genres",
)  # fmt: skip


def upgrade() -> None:
    for table in RESTORED:
        op.add_column(
            table,
            sa.Column(
                "told_by", postgresql.ARRAY(sa.BigInteger()), nullable=True,
                comment="files of imports that brought it; NULL: the listener's own hand",
            ),
        )  # fmt: skip
    op.add_column(
        "import_files",
        sa.Column(
            "settings_before", postgresql.JSONB(), nullable=True,
            comment="settings that this file filled: {name: [before, since]}",
        ),
    )  # fmt: skip
    op.add_column(
        "users",
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), nullable=True,
            comment="when a setting was last changed by hand; NULL: never",
        ),
    )  # fmt: skip
    # of accounts that were here before nobody knows, so no import fills their settings
    op.execute("UPDATE users SET changed_at = created_at")


def downgrade() -> None:
    op.drop_column("users", "changed_at")
    op.drop_column("import_files", "settings_before")
    for table in RESTORED:
        op.drop_column(table, "told_by")
