import type { Import, ShownItem, ShownWrap, Span, TrackRef } from '@/api/generated/model';

/** Small, made-up answers of the API, typed by its own description. */

export const track = (id: number, name = `Track ${id}`): TrackRef => ({
  id,
  key: `spotify:track:${id}`,
  name,
  artist: { id: 7, name: 'Grey Harbour' },
  album: null,
  has_sound: true,
});

const FIVE = [1, 2, 3, 4, 5];
const span: Span = { text: '2025-05', first_day: '2025-05-01', last_day: '2025-05-31' };

const shownTrack = (id: number) => ({ name: `Track ${id}`, artist: 'Grey Harbour' });

const item = (name: string, rank: number): ShownItem => ({
  rank,
  name: `${name} ${rank}`,
  artist: null,
  listens: 50 - rank,
  ms_played: 9_000_000 - rank,
  previous_rank: rank === 1 ? 14 : null,
});

/** A month with something of everything to tell. */
export const wrap: ShownWrap = {
  span,
  shows: ['name', 'amounts', 'artists', 'tracks', 'days', 'hours', 'skips'],
  silent: false,
  bright: 1,
  deep: 6,
  time_zone: 'Europe/Prague',
  name: 'Mara',
  amounts: {
    minutes: 4321,
    listens: 100,
    tracks: 40,
    artists: 12,
    days_active: 9,
    first_listens: 5,
    new_artists: 2,
    minutes_before: 4000,
    previous_span: { text: '2025-04', first_day: '2025-04-01', last_day: '2025-04-30' },
  },
  top_tracks: FIVE.map((rank) => item('Song', rank)),
  top_artists: FIVE.map((rank) => item('Band', rank)),
  top_albums: FIVE.map((rank) => item('Album', rank)),
  top_artist_share: 0.25,
  phases: [
    { artist: 'Band 1', first_day: '2025-05-01', last_day: '2025-05-18', share: 0.3 },
    { artist: 'Band 2', first_day: '2025-05-19', last_day: '2025-05-31', share: 0.4 },
  ],
  days: [
    { day: '2025-05-02', share: 1 },
    { day: '2025-05-09', share: 0.4 },
  ],
  peak_day: { day: '2025-05-02', ms_played: 7_200_000, track: shownTrack(1) },
  strange_day: { day: '2025-05-09', listens: 12, in_all: 14, artists: 6, artist: 'Kestrel' },
  longest_streak: { days: 6, first_day: '2025-05-02', last_day: '2025-05-07' },
  hours: Array.from({ length: 24 }, (_, hour) => hour / 23),
  peak_hour: { weekday: 3, hour: 22 },
  day_parts: { night: 0.1, morning: 0.2, afternoon: 0.3, evening: 0.4 },
  shift: { part: 'evening', share: 0.4, before: 0.31 },
  found: [{ track: shownTrack(2), day: '2025-05-04', listens: 9 }],
  comebacks: [
    { track: shownTrack(3), artist: null, silent_days: 411, back_on: '2025-05-04', listens: 3 },
    { track: null, artist: 'Old Friends', silent_days: 200, back_on: '2025-05-05', listens: 4 },
  ],
  fell_silent: { artist: 'Band 9', rank_before: 2, listens_before: 240, listens: 0 },
  burst: { track: shownTrack(5), first_day: '2025-05-02', listens: 18, in_all: 20 },
  obsession: { track: shownTrack(5), day: '2025-05-02', listens: 8 },
  endings: { finished: 0.7, skipped: 0.1 },
  most_skipped: { track: shownTrack(4), skips: 4, plays: 6 },
  never_skipped: { tracks: 7, track: shownTrack(6), plays: 30 },
  first_song: { track: shownTrack(7), started_at: '2025-05-01T00:14:00Z' },
  last_song: { track: shownTrack(8), started_at: '2025-05-31T20:50:00Z' },
};

export const finishedImport: Import = {
  id: 3,
  file_name: 'my_spotify_data.zip',
  bytes: 14_300_000,
  source: 'spotify_export',
  state: 'done',
  error: null,
  created_at: '2026-11-20T10:00:00Z',
  finished_at: '2026-11-20T10:00:05Z',
  totals: { rows: 1000, accepted: 900, duplicate: 60, skipped: 39, broken: 1, total_rows: 1000 },
  reasons: [
    { verdict: 'duplicate', reason: 'same_play', rows: 60 },
    { verdict: 'skipped', reason: 'no_name', rows: 39 },
    { verdict: 'broken', reason: 'bad_timestamp', rows: 1 },
  ],
  files: [],
};
