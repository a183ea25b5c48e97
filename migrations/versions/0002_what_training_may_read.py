"""Schema `ml`: what training may read, and the role that reads nothing else.

The views are where provenance and consent are enforced: only sources that may train, only listeners who agreed, nothing
from a private session, and a pseudonym instead of a person. They run with their owner's rights, so `trainer` needs no
grant on any table. `security_barrier` keeps a function inside a query from seeing rows that the view hides.
The role has no password: it can sign in only where the server trusts the connection, or once an operator sets one.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'trainer') THEN
        CREATE ROLE trainer LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT 20;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another database of this cluster was migrated at the same moment
END
$$
"""

PLAYS = """
CREATE VIEW ml.plays WITH (security_barrier) AS
SELECT users.ml_key AS user_key, users.time_zone, tracks.key AS track_key, artists.key AS artist_key, plays.kind,
       plays.started_at, plays.ended_at, plays.ms_played, plays.is_listen, plays.reason_start, plays.reason_end,
       plays.shuffle, plays.skipped, plays.offline, plays.source
FROM plays
JOIN users ON users.id = plays.user_id AND users.may_train
JOIN play_sources ON play_sources.source = plays.source AND play_sources.may_train
JOIN tracks ON tracks.id = plays.track_id
JOIN artists ON artists.id = tracks.artist_id
WHERE plays.incognito IS NOT TRUE
"""

TRACKS = """
CREATE VIEW ml.tracks WITH (security_barrier) AS
SELECT tracks.key AS track_key, tracks.kind, tracks.name AS title, artists.key AS artist_key,
       artists.name AS artist_name, albums.name AS album_name, tracks.duration_ms, tracks.isrc
FROM tracks
JOIN artists ON artists.id = tracks.artist_id
LEFT JOIN albums ON albums.id = tracks.album_id
"""


def upgrade() -> None:
    op.execute(ROLE)
    op.execute("CREATE SCHEMA ml")
    op.execute(PLAYS)
    op.execute(TRACKS)
    op.execute("GRANT USAGE ON SCHEMA ml TO trainer")
    op.execute("GRANT SELECT ON ml.plays, ml.tracks TO trainer")


def downgrade() -> None:
    # the role stays: other databases of the same cluster may use it
    op.execute("DROP SCHEMA ml CASCADE")
