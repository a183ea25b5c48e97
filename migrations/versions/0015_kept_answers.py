"""Answers are kept for a day, for whoever repeats a request whose answer was lost."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_answers",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("key_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("request_sha256", sa.LargeBinary(), nullable=False),
        sa.Column(
            "answer_encrypted", sa.LargeBinary(), nullable=False, comment="opened by the key itself, which is not kept"
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_kept_answers_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "key_sha256", name="pk_kept_answers"),
    )
    op.create_index("ix_kept_answers_made_at", "kept_answers", ["made_at"])


def downgrade() -> None:
    op.drop_table("kept_answers")
