"""What was given up of the end of an account is tried again; a mark of accounts that nothing reads is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        UPDATE jobs SET state = 'queued', attempts = 0, run_after = now(), finished_at = NULL
        WHERE kind IN ('forget_sign_in', 'forget_kept') AND state = 'failed'
    """)
    op.drop_column("users", "is_admin")


def downgrade() -> None:
    op.add_column("users", sa.Column("is_admin", sa.Boolean(), server_default=sa.text("false"), nullable=False))
