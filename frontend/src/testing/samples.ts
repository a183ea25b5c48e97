import type { Import, Numbers, Span, TopItem, TrackRef, Wrap } from '@/api/generated/model';

/** Small, made-up answers of the API, typed by its own description. */

export const track = (id: number, name = `Track ${id}`): TrackRef => ({
  id,
  key: `spotify:track:${id}`,
  name,
  artist: { id: 7, name: 'Grey Harbour' },
  album: null,
  has_sound: true,
});

const numbers = (minutes: number): Numbers => ({
  plays: 120,
  listens: 100,
  skips: 12,
  ms_played: minutes * 60_000,
  minutes,
  tracks: 40,
  artists: 12,
  albums: 20,
  days_active: 9,
  first_listens: 5,
  spoken: { plays: 0, ms_played: 0, minutes: 0 },
});

const top = (name: string, rank: number): TopItem => ({
  rank,
  id: rank,
  name: `${name} ${rank}`,
  artist: null,
  album: null,
  listens: 50 - rank,
  plays: 60 - rank,
  ms_played: 9_000_000 - rank,
  previous_rank: rank === 1 ? 4 : null,
});

const FIVE = [1, 2, 3, 4, 5];
const span: Span = { text: '2025-05', first_day: '2025-05-01', last_day: '2025-05-31' };

export const wrap: Wrap = {
  span,
  listener: { handle: 'mara', display_name: 'Mara' },
  totals: { ...numbers(4321), span, previous: numbers(4000) },
  top_tracks: FIVE.map((rank) => top('Song', rank)),
  top_artists: FIVE.map((rank) => top('Band', rank)),
  top_albums: FIVE.map((rank) => top('Album', rank)),
  clock: { cells: [{ weekday: 3, hour: 22, listens: 9, ms_played: 1_800_000 }], peak: { weekday: 3, hour: 22 } },
  calendar: { days: [{ day: '2025-05-02', listens: 9, ms_played: 1_800_000 }] },
  timeline: { unit: 'day', points: [] },
  day_parts: null,
  peak_day: { day: '2025-05-02', listens: 9, ms_played: 7_200_000, track: track(1) },
  discovery: { count: 5, artists: 2, first: [track(2)], favourites: [] },
  comeback: { track: track(3), artist: null, silent_days: 411, back_on: '2025-05-04', listens: 3 },
  longest_streak: { days: 6, first_day: '2025-05-02', last_day: '2025-05-07' },
  finished_share: 0.7,
  skipped_share: 0.1,
  shuffled_share: 0.2,
  most_skipped: { track: track(4), skips: 4, plays: 6 },
  most_finished: null,
  obsession: { track: track(5), day: '2025-05-02', listens: 8 },
  first_song: null,
  last_song: null,
  top_artist_share: 0.3,
  palette: { style: 'Band 1', second: 'Band 2' },
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
