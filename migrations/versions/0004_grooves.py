"""A listener's plays of a month, packed for reading: what every question about a span reads.

The triggers empty a month's groove in the transaction that changes one of its plays, whoever changes it; an empty groove
is read from the plays themselves until it is packed again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CHANGED = {
    "INSERT": ("REFERENCING NEW TABLE AS new_plays", "SELECT user_id, started_at FROM new_plays"),
    "DELETE": ("REFERENCING OLD TABLE AS old_plays", "SELECT user_id, started_at FROM old_plays"),
    "UPDATE": (
        "REFERENCING OLD TABLE AS old_plays NEW TABLE AS new_plays",
        "SELECT user_id, started_at FROM old_plays UNION ALL SELECT user_id, started_at FROM new_plays",
    ),
}
EMPTY = """
CREATE FUNCTION empty_grooves_after_{what}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO grooves (user_id, month)
    SELECT DISTINCT user_id, date_trunc('month', started_at AT TIME ZONE 'UTC')::date FROM ({changed}) AS changed
    ORDER BY 1, 2
    ON CONFLICT (user_id, month) DO UPDATE SET plays = NULL;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "grooves",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the month, UTC"),
        sa.Column("plays", sa.LargeBinary(), nullable=True, comment="packed by crud/grooves.py; NULL: read the plays"),
        sa.PrimaryKeyConstraint("user_id", "month", name=op.f("pk_grooves")),
    )
    # numbers do not shrink enough to be worth the time of unpacking
    op.execute("ALTER TABLE grooves ALTER COLUMN plays SET STORAGE EXTERNAL")
    for what, (tables, changed) in CHANGED.items():
        name = f"empty_grooves_after_{what.lower()}"
        op.execute(EMPTY.format(what=what.lower(), changed=changed))
        op.execute(
            f"CREATE TRIGGER {name} AFTER {what} ON plays {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    op.execute(
        "INSERT INTO grooves (user_id, month)"
        " SELECT DISTINCT user_id, date_trunc('month', started_at AT TIME ZONE 'UTC')::date FROM plays"
    )


def downgrade() -> None:
    for what in CHANGED:
        name = f"empty_grooves_after_{what.lower()}"
        op.execute(f"DROP TRIGGER {name} ON plays")
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("grooves")
