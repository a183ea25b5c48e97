"""The columns of `retold_plays` are described as those of `plays`, which hold the same."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COMMENTS = {
    "started_at": "ended_at - ms_played, or the plausible offline timestamp",
    "kind": "song, episode or chapter",
    "source": "a row of play_sources",
    "precision_s": "ended_at is known to this many seconds (account data: 60; scrobbles: 120 or 600; captured: 30)",
}
DEFAULTS = {"kind": "'song'", "precision_s": "1"}


def upgrade() -> None:
    for column, comment in COMMENTS.items():
        op.alter_column("retold_plays", column, comment=comment)
    for column, default in DEFAULTS.items():
        op.alter_column("retold_plays", column, server_default=sa.text(default))


def downgrade() -> None:
    for column in DEFAULTS:
        op.alter_column("retold_plays", column, server_default=None)
    for column in COMMENTS:
        op.alter_column("retold_plays", column, comment=None)
