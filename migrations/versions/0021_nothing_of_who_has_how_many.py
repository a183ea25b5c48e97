"""The planner is told nothing of who has how many plays: it expects the same of everybody.

A partition holds a few listeners. Once they are counted, nothing is left over for anybody else, so of somebody new a
single play is expected and any index seems as good as another: a long import read all of their plays for each row.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ["plays", *(f"plays_p{part:02d}" for part in range(16)), "retold_plays"]
# what was counted before would stay: ANALYZE leaves it as it is. PostgreSQL 16 and 17 let only a superuser take it away
FORGET = """
    DO $$ BEGIN
        IF current_setting('server_version_num')::int >= 180000 THEN
            PERFORM pg_clear_attribute_stats(current_schema(), '{table}', 'user_id', inherited)
            FROM (VALUES (false), (true)) AS kinds (inherited);
        ELSIF current_setting('is_superuser')::bool THEN
            DELETE FROM pg_statistic USING pg_attribute
            WHERE starelid = '{table}'::regclass AND attrelid = starelid AND attnum = staattnum
              AND attname = 'user_id';
        END IF;
    END $$
"""


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN user_id SET STATISTICS 0")
        op.execute(FORGET.format(table=table))


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN user_id SET STATISTICS -1")
