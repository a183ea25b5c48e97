"""The link to Spotify, its budget of calls, and marks on what its Web API told.

Training must not read what came from the Web API: `ml.tracks` shows such columns empty.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TRACKS = """
CREATE OR REPLACE VIEW ml.tracks WITH (security_barrier) AS
SELECT tracks.key AS track_key, tracks.kind, tracks.name AS title, artists.key AS artist_key,
       artists.name AS artist_name, albums.name AS album_name, {duration_ms} AS duration_ms, {isrc} AS isrc
FROM tracks
JOIN artists ON artists.id = tracks.artist_id
LEFT JOIN albums ON albums.id = tracks.album_id
"""
TOLD_ELSEWHERE = "CASE WHEN '{0}' = ANY(tracks.from_spotify) THEN NULL ELSE tracks.{0} END"
FILLED = sa.text("'{}'")


def upgrade() -> None:
    for column in (
        sa.Column("account_name", sa.Text()),
        sa.Column("access_token_encrypted", sa.LargeBinary()),
        sa.Column("access_expires_at", sa.DateTime(timezone=True)),
        sa.Column("looked_at", sa.DateTime(timezone=True), comment="last look that succeeded"),
        sa.Column("next_look_at", sa.DateTime(timezone=True)),
        sa.Column("captured_until", sa.DateTime(timezone=True), comment="newest played_at seen"),
        sa.Column(
            "gap_at",
            sa.DateTime(timezone=True),
            comment="a look found only new plays: some before may be missing",
        ),
        sa.Column("trouble", sa.Text(), comment="why the last look did not succeed, if it did not"),
        sa.Column("trouble_since", sa.DateTime(timezone=True)),
        sa.Column(
            "failures", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="looks that failed in a row"
        ),
        sa.Column(
            "enrich",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="the listener allows look-ups of tracks",
        ),
        sa.Column("next_enrich_at", sa.DateTime(timezone=True)),
        sa.Column("warned_at", sa.DateTime(timezone=True), comment="told that this consent will end"),
        sa.Column("forget_after", sa.DateTime(timezone=True)),
    ):
        op.add_column("spotify_links", column)
    op.alter_column("spotify_links", "refresh_token_encrypted", nullable=True)
    op.alter_column(
        "spotify_links", "state", comment="active, reconnect or disconnected", existing_comment="active or reconnect"
    )
    op.alter_column(
        "spotify_links", "consented_at", comment="Spotify's consent ends six months later, whatever happens"
    )
    op.create_index(
        "uq_spotify_links_account_id",
        "spotify_links",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'disconnected'"),
    )
    op.create_table(
        "spotify_authorisations",
        sa.Column("state_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("verifier_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_spotify_authorisations_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("pk_spotify_authorisations")),
    )
    op.create_index(op.f("ix_spotify_authorisations_user_id"), "spotify_authorisations", ["user_id"])
    op.create_table(
        "spotify_calls",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False, comment="look, link or enrich"),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "purpose", name=op.f("pk_spotify_calls")),
    )
    op.create_table(
        "spotify_gate",
        sa.Column("id", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text(), comment="rate_limited or quota"),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("refusals", sa.Integer(), server_default=sa.text("0"), nullable=False, comment="in a row"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spotify_gate")),
    )
    op.execute("INSERT INTO spotify_gate DEFAULT VALUES")
    mark = "columns filled by Spotify's Web API: shown, never trained on"
    for table in ("tracks", "albums"):
        op.add_column(
            table,
            sa.Column("from_spotify", postgresql.ARRAY(sa.Text()), server_default=FILLED, nullable=False, comment=mark),
        )
    op.add_column("albums", sa.Column("release_precision", sa.Text(), comment="year, month or day: how much is known of it"))
    op.add_column(
        "tracks",
        sa.Column("spotify_checked_at", sa.DateTime(timezone=True), comment="looked up there, found or not"),
    )
    op.add_column(
        "track_artists",
        sa.Column(
            "from_spotify",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="credited by Spotify's Web API",
        ),
    )
    op.alter_column(
        "plays",
        "precision_s",
        comment="ended_at is known to this many seconds (account data: 60; scrobbles: 120 or 600; captured: 30)",
    )
    op.create_index(
        "ix_plays_captured", "plays", ["user_id", "ended_at"], postgresql_where=sa.text("source = 'spotify_api'")
    )
    op.execute(
        TRACKS.format(duration_ms=TOLD_ELSEWHERE.format("duration_ms"), isrc=TOLD_ELSEWHERE.format("isrc"))
    )


def downgrade() -> None:
    op.execute(TRACKS.format(duration_ms="tracks.duration_ms", isrc="tracks.isrc"))
    op.drop_index("ix_plays_captured", "plays")
    op.alter_column(
        "plays",
        "precision_s",
        comment="ended_at is known to this many seconds (account data: 60; scrobbles: 120 or 600)",
    )
    op.drop_column("track_artists", "from_spotify")
    op.drop_column("tracks", "spotify_checked_at")
    op.drop_column("albums", "release_precision")
    for table in ("tracks", "albums"):
        op.drop_column(table, "from_spotify")
    op.drop_table("spotify_gate")
    op.drop_table("spotify_calls")
    op.drop_table("spotify_authorisations")
    op.drop_index("uq_spotify_links_account_id", "spotify_links")
    op.execute("DELETE FROM spotify_links WHERE refresh_token_encrypted IS NULL")
    op.alter_column("spotify_links", "refresh_token_encrypted", nullable=False)
    op.alter_column("spotify_links", "state", comment="active or reconnect")
    op.alter_column("spotify_links", "consented_at", comment=None)
    for name in (
        "account_name", "access_token_encrypted", "access_expires_at", "looked_at", "next_look_at", "captured_until",
        "gap_at", "trouble", "trouble_since", "failures", "enrich", "next_enrich_at", "warned_at", "forget_after",
    ):  # fmt: skip
        op.drop_column("spotify_links", name)
