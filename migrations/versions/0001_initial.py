"""Every table of the first version, and the sources that plays can come from.

`plays` has PARTITIONS hash partitions by listener. The numbers of a migration never change, so they stand here.
"""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import Vector
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

PARTITIONS = 16
SOURCES = [
    # source, may train a model, may be shown to a language model
    ("spotify_export", True, True),
    ("listenbrainz", True, True),
    ("lastfm", True, True),
    ("manual", True, True),
    ("demo", True, True),
    # the terms of Spotify's Web API forbid both
    ("spotify_api", False, False),
]


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table('artists',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.Text(), nullable=False, comment="the same in every database: 'artist:' + the normalised name"),
    sa.Column('kind', sa.Text(), server_default=sa.text("'artist'"), nullable=False, comment='artist, show or author'),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('spotify_id', sa.Text(), nullable=True),
    sa.Column('image_url', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_artists')),
    sa.UniqueConstraint('key', name=op.f('uq_artists_key'))
    )
    op.create_table('daily_hours',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('hour', sa.SmallInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('plays', sa.Integer(), nullable=False),
    sa.Column('listens', sa.Integer(), nullable=False),
    sa.Column('skips', sa.Integer(), nullable=False),
    sa.Column('ms_played', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('user_id', 'day', 'hour', 'kind', name=op.f('pk_daily_hours'))
    )
    op.create_table('daily_tracks',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False, comment="the listener's local day of started_at"),
    sa.Column('track_id', sa.BigInteger(), nullable=False),
    sa.Column('plays', sa.Integer(), nullable=False),
    sa.Column('listens', sa.Integer(), nullable=False),
    sa.Column('skips', sa.Integer(), nullable=False),
    sa.Column('ms_played', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('user_id', 'day', 'track_id', name=op.f('pk_daily_tracks'))
    )
    op.create_table('monthly_artists',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False, comment='first day of the local month'),
    sa.Column('artist_id', sa.BigInteger(), nullable=False),
    sa.Column('plays', sa.Integer(), nullable=False),
    sa.Column('listens', sa.Integer(), nullable=False),
    sa.Column('skips', sa.Integer(), nullable=False),
    sa.Column('ms_played', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('user_id', 'month', 'artist_id', name=op.f('pk_monthly_artists'))
    )
    op.create_table('play_sources',
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('may_train', sa.Boolean(), nullable=False, comment='may train a model, where the listener consents too'),
    sa.Column('may_narrate', sa.Boolean(), nullable=False, comment='may be shown to a language model, where the listener consents too'),
    sa.PrimaryKeyConstraint('source', name=op.f('pk_play_sources'))
    )
    op.create_table('plays',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('track_id', sa.BigInteger(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='ended_at - ms_played, or the plausible offline timestamp'),
    sa.Column('ms_played', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), server_default=sa.text("'song'"), nullable=False, comment='song, episode or chapter'),
    sa.Column('source', sa.Text(), nullable=False, comment='a row of play_sources'),
    sa.Column('precision_s', sa.SmallInteger(), server_default=sa.text('1'), nullable=False, comment='ended_at is known to this many seconds (account data: 60)'),
    sa.Column('reason_start', sa.Text(), nullable=True),
    sa.Column('reason_end', sa.Text(), nullable=True),
    sa.Column('shuffle', sa.Boolean(), nullable=True),
    sa.Column('skipped', sa.Boolean(), nullable=True),
    sa.Column('offline', sa.Boolean(), nullable=True),
    sa.Column('offline_timestamp', sa.DateTime(timezone=True), nullable=True),
    sa.Column('incognito', sa.Boolean(), nullable=True),
    sa.Column('platform', sa.Text(), nullable=True),
    sa.Column('country', sa.Text(), nullable=True),
    sa.Column('import_file_id', sa.BigInteger(), nullable=True),
    sa.Column('is_listen', sa.Boolean(), sa.Computed('ms_played >= 30000', persisted=True), nullable=False),
    sa.PrimaryKeyConstraint('user_id', 'track_id', 'ended_at', name=op.f('pk_plays')),
    postgresql_partition_by='HASH (user_id)'
    )
    for part in range(PARTITIONS):
        op.execute(
            f"CREATE TABLE plays_p{part:02d} PARTITION OF plays FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
        )
    op.create_index(op.f('ix_plays_import_file_id'), 'plays', ['import_file_id'], unique=False)
    op.create_index(op.f('ix_plays_user_id_started_at'), 'plays', ['user_id', 'started_at'], unique=False)
    op.create_table('users',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('firebase_uid', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('handle', sa.Text(), nullable=False),
    sa.Column('handle_key', sa.Text(), nullable=False, comment='handle after NFKC and casefold'),
    sa.Column('display_name', sa.Text(), nullable=False),
    sa.Column('time_zone', sa.Text(), nullable=False, comment='IANA name; days, months and years begin at its midnight'),
    sa.Column('data_version', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('ml_key', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False, comment='the only name of this person that training sees'),
    sa.Column('may_train', sa.Boolean(), server_default=sa.text('true'), nullable=False, comment='consent: plays may train models'),
    sa.Column('may_narrate', sa.Boolean(), server_default=sa.text('true'), nullable=False, comment='consent: facts may be shown to a language model'),
    sa.Column('discoverable', sa.Boolean(), server_default=sa.text('true'), nullable=False, comment='others may find the profile'),
    sa.Column('is_admin', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('firebase_uid', name=op.f('uq_users_firebase_uid')),
    sa.UniqueConstraint('handle_key', name=op.f('uq_users_handle_key')),
    sa.UniqueConstraint('ml_key', name=op.f('uq_users_ml_key'))
    )
    op.create_table('worker_heartbeats',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_worker_heartbeats'))
    )
    op.create_table('albums',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('artist_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_key', sa.Text(), nullable=False),
    sa.Column('spotify_id', sa.Text(), nullable=True),
    sa.Column('release_date', sa.Date(), nullable=True),
    sa.Column('cover_url', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['artist_id'], ['artists.id'], name=op.f('fk_albums_artist_id_artists')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_albums')),
    sa.UniqueConstraint('artist_id', 'name_key', name=op.f('uq_albums_artist_id_name_key'))
    )
    op.create_index(op.f('ix_albums_artist_id'), 'albums', ['artist_id'], unique=False)
    op.create_table('api_tokens',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_sha256', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_api_tokens_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_tokens')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_api_tokens_token_sha256'))
    )
    op.create_index(op.f('ix_api_tokens_user_id'), 'api_tokens', ['user_id'], unique=False)
    op.create_table('blocks',
    sa.Column('blocker_id', sa.BigInteger(), nullable=False),
    sa.Column('blocked_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['blocked_id'], ['users.id'], name=op.f('fk_blocks_blocked_id_users'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['blocker_id'], ['users.id'], name=op.f('fk_blocks_blocker_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('blocker_id', 'blocked_id', name=op.f('pk_blocks'))
    )
    op.create_index(op.f('ix_blocks_blocked_id'), 'blocks', ['blocked_id'], unique=False)
    op.create_table('follows',
    sa.Column('follower_id', sa.BigInteger(), nullable=False),
    sa.Column('followed_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint('follower_id <> followed_id', name=op.f('ck_follows_not_oneself')),
    sa.ForeignKeyConstraint(['followed_id'], ['users.id'], name=op.f('fk_follows_followed_id_users'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['follower_id'], ['users.id'], name=op.f('fk_follows_follower_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('follower_id', 'followed_id', name=op.f('pk_follows'))
    )
    op.create_index(op.f('ix_follows_followed_id'), 'follows', ['followed_id'], unique=False)
    op.create_table('imports',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('stored_name', sa.Text(), nullable=False, comment='name in the upload folder; removed when the import ends'),
    sa.Column('bytes', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), server_default=sa.text("'spotify_export'"), nullable=False),
    sa.Column('state', sa.Text(), server_default=sa.text("'queued'"), nullable=False, comment='queued, running, done, failed, undoing or undone'),
    sa.Column('error', sa.Text(), nullable=True, comment='one plain sentence for the listener'),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_imports_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    op.create_index(op.f('ix_imports_user_id'), 'imports', ['user_id'], unique=False)
    op.create_table('jobs',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    sa.Column('state', sa.Text(), server_default=sa.text("'queued'"), nullable=False, comment='queued, running, done or failed'),
    sa.Column('attempts', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('run_after', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('locked_by', sa.Text(), nullable=True),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_jobs_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    op.create_index(op.f('ix_jobs_user_id'), 'jobs', ['user_id'], unique=False)
    op.create_index('ix_jobs_waiting', 'jobs', ['run_after'], unique=False, postgresql_where=sa.text("state IN ('queued', 'running')"))
    op.create_table('narratives',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('span', sa.Text(), nullable=False),
    sa.Column('data_version', sa.Integer(), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('model_version', sa.Text(), nullable=False),
    sa.Column('is_fallback', sa.Boolean(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_narratives_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'span', name=op.f('pk_narratives'))
    )
    op.create_table('notifications',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False, comment='followed, commented, reacted or import_done'),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_notifications_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notifications'))
    )
    op.create_index(op.f('ix_notifications_user_id_created_at'), 'notifications', ['user_id', 'created_at'], unique=False)
    op.create_table('playlists',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_playlists_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_playlists'))
    )
    op.create_index(op.f('ix_playlists_user_id'), 'playlists', ['user_id'], unique=False)
    op.create_table('posts',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.Text(), server_default=sa.text("''"), nullable=False),
    sa.Column('span', sa.Text(), nullable=True),
    sa.Column('wrap', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_posts_author_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posts'))
    )
    op.create_index(op.f('ix_posts_author_id_created_at'), 'posts', ['author_id', 'created_at'], unique=False)
    op.create_table('shares',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('span', sa.Text(), nullable=False),
    sa.Column('wrap', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_shares_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shares')),
    sa.UniqueConstraint('token', name=op.f('uq_shares_token'))
    )
    op.create_index(op.f('ix_shares_user_id'), 'shares', ['user_id'], unique=False)
    op.create_table('spotify_links',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.Text(), nullable=False),
    sa.Column('refresh_token_encrypted', sa.LargeBinary(), nullable=False),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), server_default=sa.text("'active'"), nullable=False, comment='active or reconnect'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_spotify_links_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_spotify_links'))
    )
    op.create_table('comments',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('post_id', sa.BigInteger(), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['users.id'], name=op.f('fk_comments_author_id_users'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_comments_post_id_posts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comments'))
    )
    op.create_index(op.f('ix_comments_author_id'), 'comments', ['author_id'], unique=False)
    op.create_index(op.f('ix_comments_post_id'), 'comments', ['post_id'], unique=False)
    op.create_table('import_files',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('import_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('format', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), server_default=sa.text("'queued'"), nullable=False, comment='queued, done, ignored or broken'),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('total_rows', sa.Integer(), nullable=True),
    sa.Column('rows', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('accepted', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('duplicate', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('skipped', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('broken', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('reasons', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False, comment='rows per verdict and reason: {verdict: {reason: rows}}'),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_files_import_id_imports'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_files'))
    )
    op.create_index(op.f('ix_import_files_import_id'), 'import_files', ['import_id'], unique=False)
    op.create_table('reactions',
    sa.Column('post_id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False, comment='like, same or surprised'),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_reactions_post_id_posts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_reactions_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('post_id', 'user_id', 'kind', name=op.f('pk_reactions'))
    )
    op.create_index(op.f('ix_reactions_user_id'), 'reactions', ['user_id'], unique=False)
    op.create_table('tracks',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.Text(), nullable=False, comment="the Spotify URI, or 'name:' + sha1 of artist and title where there is none"),
    sa.Column('kind', sa.Text(), server_default=sa.text("'song'"), nullable=False, comment='song, episode or chapter'),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_key', sa.Text(), nullable=False),
    sa.Column('artist_id', sa.BigInteger(), nullable=False),
    sa.Column('album_id', sa.BigInteger(), nullable=True),
    sa.Column('duration_ms', sa.Integer(), nullable=True),
    sa.Column('isrc', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['album_id'], ['albums.id'], name=op.f('fk_tracks_album_id_albums')),
    sa.ForeignKeyConstraint(['artist_id'], ['artists.id'], name=op.f('fk_tracks_artist_id_artists')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracks')),
    sa.UniqueConstraint('key', name=op.f('uq_tracks_key'))
    )
    op.create_index(op.f('ix_tracks_album_id'), 'tracks', ['album_id'], unique=False)
    op.create_index(op.f('ix_tracks_artist_id_name_key'), 'tracks', ['artist_id', 'name_key'], unique=False)
    op.create_table('import_rejects',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('import_file_id', sa.BigInteger(), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False, comment='position in the file, from 1'),
    sa.Column('verdict', sa.Text(), nullable=False, comment='duplicate, skipped or broken'),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='the row without address and user name'),
    sa.ForeignKeyConstraint(['import_file_id'], ['import_files.id'], name=op.f('fk_import_rejects_import_file_id_import_files'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_rejects'))
    )
    op.create_index(op.f('ix_import_rejects_import_file_id'), 'import_rejects', ['import_file_id'], unique=False)
    op.create_table('playlist_tracks',
    sa.Column('playlist_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('track_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['playlist_id'], ['playlists.id'], name=op.f('fk_playlist_tracks_playlist_id_playlists'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['track_id'], ['tracks.id'], name=op.f('fk_playlist_tracks_track_id_tracks')),
    sa.PrimaryKeyConstraint('playlist_id', 'position', name=op.f('pk_playlist_tracks'))
    )
    op.create_table('recommendation_feedback',
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('track_id', sa.BigInteger(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False, comment='love or hide'),
    sa.Column('given_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['track_id'], ['tracks.id'], name=op.f('fk_recommendation_feedback_track_id_tracks')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recommendation_feedback_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'track_id', name=op.f('pk_recommendation_feedback'))
    )
    op.create_table('recommendations_shown',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('track_id', sa.BigInteger(), nullable=False),
    sa.Column('wish', sa.Text(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('model_version', sa.Text(), nullable=False),
    sa.Column('reasons', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['track_id'], ['tracks.id'], name=op.f('fk_recommendations_shown_track_id_tracks')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recommendations_shown_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendations_shown'))
    )
    op.create_index(op.f('ix_recommendations_shown_user_id_shown_at'), 'recommendations_shown', ['user_id', 'shown_at'], unique=False)
    op.create_table('track_artists',
    sa.Column('track_id', sa.BigInteger(), nullable=False),
    sa.Column('artist_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.ForeignKeyConstraint(['artist_id'], ['artists.id'], name=op.f('fk_track_artists_artist_id_artists')),
    sa.ForeignKeyConstraint(['track_id'], ['tracks.id'], name=op.f('fk_track_artists_track_id_tracks'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('track_id', 'artist_id', name=op.f('pk_track_artists'))
    )
    op.create_index(op.f('ix_track_artists_artist_id'), 'track_artists', ['artist_id'], unique=False)
    op.create_table('track_embeddings',
    sa.Column('track_id', sa.BigInteger(), nullable=False),
    sa.Column('model_version', sa.Text(), nullable=False, comment='audio_embedder version that heard it'),
    sa.Column('embedding', Vector(128), nullable=False),
    sa.Column('audio_sha256', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['track_id'], ['tracks.id'], name=op.f('fk_track_embeddings_track_id_tracks'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('track_id', 'model_version', name=op.f('pk_track_embeddings'))
    )
    op.create_index('ix_track_embeddings_embedding', 'track_embeddings', ['embedding'], unique=False, postgresql_using='hnsw', postgresql_ops={'embedding': 'vector_cosine_ops'})
    sources = sa.table("play_sources", sa.column("source"), sa.column("may_train"), sa.column("may_narrate"))
    op.bulk_insert(
        sources, [{"source": name, "may_train": train, "may_narrate": tell} for name, train, tell in SOURCES]
    )


def downgrade() -> None:
    op.drop_index('ix_track_embeddings_embedding', table_name='track_embeddings', postgresql_using='hnsw', postgresql_ops={'embedding': 'vector_cosine_ops'})
    op.drop_table('track_embeddings')
    op.drop_index(op.f('ix_track_artists_artist_id'), table_name='track_artists')
    op.drop_table('track_artists')
    op.drop_index(op.f('ix_recommendations_shown_user_id_shown_at'), table_name='recommendations_shown')
    op.drop_table('recommendations_shown')
    op.drop_table('recommendation_feedback')
    op.drop_table('playlist_tracks')
    op.drop_index(op.f('ix_import_rejects_import_file_id'), table_name='import_rejects')
    op.drop_table('import_rejects')
    op.drop_index(op.f('ix_tracks_artist_id_name_key'), table_name='tracks')
    op.drop_index(op.f('ix_tracks_album_id'), table_name='tracks')
    op.drop_table('tracks')
    op.drop_index(op.f('ix_reactions_user_id'), table_name='reactions')
    op.drop_table('reactions')
    op.drop_index(op.f('ix_import_files_import_id'), table_name='import_files')
    op.drop_table('import_files')
    op.drop_index(op.f('ix_comments_post_id'), table_name='comments')
    op.drop_index(op.f('ix_comments_author_id'), table_name='comments')
    op.drop_table('comments')
    op.drop_table('spotify_links')
    op.drop_index(op.f('ix_shares_user_id'), table_name='shares')
    op.drop_table('shares')
    op.drop_index(op.f('ix_posts_author_id_created_at'), table_name='posts')
    op.drop_table('posts')
    op.drop_index(op.f('ix_playlists_user_id'), table_name='playlists')
    op.drop_table('playlists')
    op.drop_index(op.f('ix_notifications_user_id_created_at'), table_name='notifications')
    op.drop_table('notifications')
    op.drop_table('narratives')
    op.drop_index('ix_jobs_waiting', table_name='jobs', postgresql_where=sa.text("state IN ('queued', 'running')"))
    op.drop_index(op.f('ix_jobs_user_id'), table_name='jobs')
    op.drop_table('jobs')
    op.drop_index(op.f('ix_imports_user_id'), table_name='imports')
    op.drop_table('imports')
    op.drop_index(op.f('ix_follows_followed_id'), table_name='follows')
    op.drop_table('follows')
    op.drop_index(op.f('ix_blocks_blocked_id'), table_name='blocks')
    op.drop_table('blocks')
    op.drop_index(op.f('ix_api_tokens_user_id'), table_name='api_tokens')
    op.drop_table('api_tokens')
    op.drop_index(op.f('ix_albums_artist_id'), table_name='albums')
    op.drop_table('albums')
    op.drop_table('worker_heartbeats')
    op.drop_table('users')
    op.drop_index(op.f('ix_plays_user_id_started_at'), table_name='plays')
    op.drop_index(op.f('ix_plays_import_file_id'), table_name='plays')
    op.drop_table('plays')
    op.drop_table('play_sources')
    op.drop_table('monthly_artists')
    op.drop_table('daily_tracks')
    op.drop_table('daily_hours')
    op.drop_table('artists')
    op.execute("DROP EXTENSION IF EXISTS vector")
