import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import type { TrackStory } from '@/api/generated/model';
import { useSoundFiles } from '@/stores/soundFiles';
import { Refusal, serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { TrackPage } from './TrackPage';

const detail = {
  track: track(1, 'Cold Lantern'),
  kind: 'song',
  album: null,
  artist: { id: 7, name: 'Grey Harbour' },
  duration_ms: 187_000,
  has_sound: true,
  plays: 5,
  listens: 4,
  skips: 0,
  ms_played: 700_000,
  first_played_at: '2024-11-02T20:00:00Z',
  last_played_at: '2025-02-02T20:00:00Z',
  months: [
    { month: '2024-11-01', plays: 3, listens: 3, ms_played: 1 },
    { month: '2025-02-01', plays: 1, listens: 1, ms_played: 1 },
  ],
};

const inNovember = {
  ...detail,
  plays: 3,
  listens: 3,
  ms_played: 540_000,
  months: [{ month: '2024-11-01', plays: 3, listens: 3, ms_played: 540_000 }],
  days: [
    { day: '2024-11-02', plays: 2, listens: 2, ms_played: 360_000 },
    { day: '2024-11-04', plays: 1, listens: 1, ms_played: 180_000 },
  ],
};

/** A story that says nothing. */
const silent: TrackStory = {
  first: null,
  overall_rank: null,
  rank: null,
  years: [],
  longest_streak: null,
  obsessions: [],
  comebacks: [],
  week: [],
  peak: null,
  skip_share: null,
  finished: { told: 0, yes: 0, share: null },
  shuffled: { told: 0, yes: 0, share: null },
  began: [],
  ended: [],
  played_after: [],
  played_before: [],
  credited: [],
  together: [],
  other_versions: [],
};

const model = { name: 'audio_embedder', version: '2', is_fallback: false, detail: null };

afterEach(() => useSoundFiles.getState().clear());

describe('a track', () => {
  it('that the listener has not met is nobody’s to look up', async () => {
    serve({ 'GET /me': { time_zone: 'Europe/Prague' } });
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1' });
    expect(await screen.findByRole('heading', { name: 'You have not met this track' })).toBeVisible();
  });

  it('tells its months, the silent ones too', async () => {
    serve({
      'GET /me': { time_zone: 'Europe/Prague' },
      'GET /tracks/1': detail,
      'GET /tracks/1/similar': { model, items: [{ track: track(2, 'Undertow'), similarity: 0.94 }] },
    });
    const user = userEvent.setup();
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1' });
    const chart = await screen.findByRole('slider', { name: /Listens per month/ });
    chart.focus();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(chart).toHaveAttribute('aria-valuetext', 'December 2024: 0 listens');
    expect(chart).toHaveAttribute('aria-valuemax', '3');
  });

  it('opens its own plays of a month or a year', async () => {
    const story = { ...silent, years: [{ year: 2024, rank: 3, among: 80, listens: 4, ms_played: 1 }], overall_rank: 9 };
    // asked for as 5, counted as 1
    serve({ 'GET /me': { time_zone: 'Europe/Prague' }, 'GET /tracks/5': detail, 'GET /tracks/5/story': story });
    const user = userEvent.setup();
    const months = draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/5' });
    (await screen.findByRole('slider', { name: /Listens per month/ })).focus();
    await user.keyboard('{Home}{Enter}');
    expect(months.router.state.location).toMatchObject({ pathname: '/history', search: '?span=2024-11&track_id=1' });
    months.unmount();
    const years = draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/5' });
    (await screen.findByRole('slider', { name: /Listens per year/ })).focus();
    await user.keyboard('{Home}{Enter}');
    expect(years.router.state.location).toMatchObject({ pathname: '/history', search: '?span=2024&track_id=1' });
  });

  it('tells of the time in its address, and says what is of all time', async () => {
    const asked: unknown[] = [];
    const story = { ...silent, years: [{ year: 2024, rank: 3, among: 80, listens: 4, ms_played: 1 }], overall_rank: 9, rank: 2 };
    serve({
      'GET /me': { time_zone: 'Europe/Prague' },
      'GET /analysis/spans': { first_day: '2024-11-02', last_day: '2025-02-10', years: ['2024', '2025'], months: ['2024-11', '2025-02'] },
      'GET /tracks/1': ({ params }: { params: Record<string, unknown> }) => {
        asked.push(params.span);
        return params.span === 'all' ? detail : inNovember;
      },
      'GET /tracks/1/story': story,
    });
    const user = userEvent.setup();
    const { router } = draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1?span=2024-11' });
    expect(await screen.findByRole('heading', { name: '3 listens in November 2024, 9 min together' })).toBeVisible();
    expect(screen.getByText(/^Of all time: first on 2 November 2024/)).toBeVisible();
    expect(await screen.findByRole('heading', { name: 'Number 2 in November 2024' })).toBeVisible();
    expect(screen.getByText('Number 9 of all time, by listens. The chart is of all years.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Every play' })).toHaveAttribute('href', '/history?span=2024-11&track_id=1');
    expect(screen.getByRole('link', { name: 'Grey Harbour' })).toHaveAttribute('href', '/artists/7?span=2024-11');
    screen.getByRole('slider', { name: /Listens per day/ }).focus();
    await user.keyboard('{Home}{ArrowRight}');
    expect(screen.getByRole('slider', { name: /Listens per day/ })).toHaveAttribute('aria-valuetext', 'Sunday, 3 November 2024: 0 listens');
    await user.click(screen.getByRole('button', { name: /^Time shown/ }));
    await user.click(screen.getByRole('button', { name: 'All time' }));
    expect(router.state.location.search).toBe('?span=all');
    expect(await screen.findByRole('heading', { name: '4 listens, 12 min together' })).toBeVisible();
    expect(asked).toEqual(['2024-11', 'all']);
  });

  it('says in how many months it was number one, and leads there', async () => {
    const leaders = { periods: 40, leaders: [{ id: 1, name: 'Cold Lantern', artist: null, periods: 14 }], reigns: [] };
    serve({ 'GET /me': { time_zone: 'Europe/Prague' }, 'GET /tracks/1': detail, 'GET /analysis/leaders': leaders });
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1' });
    const link = await screen.findByRole('link', { name: 'Number one in 14 of 40 months' });
    expect(link).toHaveAttribute('href', '/explore/what?span=all&led=tracks&per=month');
  });

  it('names its nearest sound and which model heard it', async () => {
    serve({
      'GET /me': { time_zone: 'Europe/Prague' },
      'GET /tracks/1': detail,
      'GET /tracks/1/similar': { model, items: [{ track: track(2, 'Undertow'), similarity: 0.94 }] },
    });
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1' });
    expect(await screen.findByRole('heading', { name: 'Undertow sounds closest to it' })).toBeVisible();
    expect(screen.getByText('Answered by the listening model, version 2')).toBeVisible();
  });

  it('says where it was heard, and takes a file where it was not', async () => {
    const calls = serve({
      'GET /me': { time_zone: 'Europe/Prague' },
      'GET /tracks/1': detail,
      'GET /tracks/1/similar': { model, heard_from: 'deezer', items: [{ track: track(2, 'Undertow'), similarity: 0.9 }] },
      'GET /tracks/2': { ...detail, track: track(2, 'Undertow'), has_sound: false },
      'POST /sound/uploads': {},
    });
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1' });
    expect(await screen.findByText('This track was heard from half a minute of it on Deezer.')).toBeVisible();
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/2' });
    const input = await screen.findByLabelText('Audio file of this track');
    await userEvent.setup().upload(input, new File(['sound'], 'undertow.flac', { type: 'audio/flac' }));
    expect(await screen.findByText(/1 file arrived/)).toBeVisible();
    expect(calls.some(({ method, path }) => method === 'POST' && path === '/sound/uploads')).toBe(true);
  });

  it('that counts as another one asks and brings sound for that one, and calls no plain list the closest', async () => {
    serve({
      'GET /tracks/1': { ...detail, track: track(5, 'Cold Lantern') },
      'GET /tracks/5/similar': { model: { ...model, is_fallback: true }, items: [{ track: track(2, 'Undertow'), similarity: null }] },
    });
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1' });
    expect(await screen.findByRole('heading', { name: 'More by Grey Harbour' })).toBeVisible();
  });

  it('opens in Spotify where it is one of Spotify’s', async () => {
    const key = 'spotify:track:4uLU6hMCjMI75M1A2tKUQC';
    serve({ 'GET /tracks/1': { ...detail, track: { ...detail.track, key } }, 'GET /tracks/2': detail });
    const { unmount } = draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1' });
    const link = await screen.findByRole('link', { name: 'Open in Spotify' });
    expect(link).toHaveAttribute('href', 'https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC');
    unmount();
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/2' });
    expect(await screen.findByRole('link', { name: 'Every play' })).toBeVisible();
    expect(screen.queryByRole('link', { name: 'Open in Spotify' })).not.toBeInTheDocument();
  });

  it('does not send anybody to Spotify for an invented track', async () => {
    const key = 'spotify:track:4uLU6hMCjMI75M1A2tKUQC';
    serve({ 'GET /config': { demo: { listeners: [] } }, 'GET /tracks/1': { ...detail, track: { ...detail.track, key } } });
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1' });
    await waitFor(() => expect(screen.getByRole('link', { name: 'Every play' })).toBeVisible());
    await waitFor(() => expect(screen.queryByRole('link', { name: 'Open in Spotify' })).not.toBeInTheDocument());
  });

  it('says that its story could not be fetched, and shows the rest', async () => {
    serve({ 'GET /tracks/1': detail, 'GET /tracks/1/story': new Refusal(500, 'That did not work.') });
    draw(<TrackPage />, { path: '/tracks/:id', url: '/tracks/1' });
    expect(await screen.findByText('We could not fetch your story with it.')).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Cold Lantern' })).toBeVisible();
  });
});
