"""Whom it was told that a month is over, so that everybody is told once."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column(
            "told_month",
            sa.Date(),
            nullable=True,
            comment="first day of the latest month whose end was told as news; NULL: none",
        ),
    )


def downgrade() -> None:
    op.drop_column("users", "told_month")
