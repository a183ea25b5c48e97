"""Scrobblers: what a personal token brought, and where the plays lie that are certain about their start only."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OLD = "ended_at is known to this many seconds (account data: 60)"
NEW = "ended_at is known to this many seconds (account data: 60; scrobbles: 120 or 600)"


def upgrade() -> None:
    op.add_column(
        "api_tokens",
        sa.Column("import_id", sa.BigInteger(), nullable=True, comment="the ledger of what was sent with it"),
    )
    op.add_column(
        "api_tokens",
        sa.Column(
            "latest_import",
            sa.BigInteger(),
            server_default=sa.text("0"),
            nullable=False,
            comment="what a client that catches up noted here, seconds since 1970",
        ),
    )
    op.create_foreign_key(
        "fk_api_tokens_import_id_imports", "api_tokens", "imports", ["import_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index("ix_api_tokens_import_id", "api_tokens", ["import_id"])
    op.alter_column("plays", "precision_s", comment=NEW, existing_comment=OLD)
    op.create_index(
        "ix_plays_scrobbles", "plays", ["user_id", "started_at"], postgresql_where=sa.text("precision_s > 60")
    )


def downgrade() -> None:
    op.drop_index("ix_plays_scrobbles", table_name="plays")
    op.alter_column("plays", "precision_s", comment=OLD, existing_comment=NEW)
    op.drop_index("ix_api_tokens_import_id", table_name="api_tokens")
    op.drop_constraint("fk_api_tokens_import_id_imports", "api_tokens", type_="foreignkey")
    op.drop_column("api_tokens", "latest_import")
    op.drop_column("api_tokens", "import_id")
