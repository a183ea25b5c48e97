"""Names folded for searching, and the rule by which two titles may be one recording.

Both rules live in the database because both are asked over a whole library at once. `normalize` and the regular
expressions here depend on no locale, so the functions are immutable in truth.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FOLDED = """
CREATE FUNCTION search_folded(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(normalize(name, NFKD), '[\\u0300-\\u036f\\u2018\\u2019''`´"“”.]', '', 'g')
$$
"""
# What may be taken off a title without making it another recording: guests in brackets, “remastered” in every spelling,
# “album version” and “explicit”. Everything else stays (live, acoustic, remix, edit, mono, demo, instrumental, re-recorded,
# a part's number), so titles that differ in it never meet.
RECORDING = """
CREATE FUNCTION recording_title(name_key text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    title text := search_folded(name_key);
    before text;
BEGIN
    title := regexp_replace(title, '\\s*[(\\[](feat|ft|featuring)\\s[^)\\]]*[)\\]]', '', 'g');
    LOOP
        before := title;
        title := regexp_replace(title,
            '\\s*(\\s[-–—/]\\s*|[(\\[]\\s*)('
            '(\\d{4}\\s+)?(digital(ly)?\\s+)?remaster(ed)?(\\s+version)?(\\s+(in\\s+)?\\d{4})?'
            '|(album|original album|explicit album|explicit)\\s+version|explicit'
            ')\\s*[)\\]]?\\s*$', '');
        EXIT WHEN title = before OR title = '';
    END LOOP;
    title := btrim(regexp_replace(translate(title, '‐‑–—’!?,', '----'), '\\s+', ' ', 'g'));
    RETURN CASE WHEN title = '' THEN name_key ELSE title END;
END
$$
"""
COLUMNS = {
    "tracks": "search_folded(name_key)",
    "albums": "search_folded(name_key)",
    "artists": "search_folded(substr(key, strpos(key, ':') + 1))",
}


def upgrade() -> None:
    op.execute(FOLDED)
    op.execute(RECORDING)
    for table, folded in COLUMNS.items():
        op.add_column(
            table,
            sa.Column(
                "search_key", sa.Text(), sa.Computed(folded, persisted=True), nullable=False,
                comment="the name without case and accents",
            ),
        )


def downgrade() -> None:
    for table in COLUMNS:
        op.drop_column(table, "search_key")
    op.execute("DROP FUNCTION recording_title(text)")
    op.execute("DROP FUNCTION search_folded(text)")
