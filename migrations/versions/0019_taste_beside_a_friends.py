"""A consent: one's taste may be laid beside that of somebody who allows it, too. Nobody has given it yet."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column(
            "may_compare",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="consent: taste may be laid beside that of a friend who consents too",
        ),
    )


def downgrade() -> None:
    op.drop_column("users", "may_compare")
