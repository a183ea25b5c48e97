import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { Recent } from './Recent';
import { ThisDay } from './ThisDay';

const play = (id: number, at: string) => ({
  track: track(id), played_track_id: id, kind: 'song', started_at: at, ended_at: at, ms_played: 187_000, is_listen: true, skipped: false, source: 'spotify_export',
});

/** Newest first, as the API tells them, as many as were asked for. */
const plays = ({ params }: { params: Record<string, unknown> }) => {
  const items = [play(3, '2024-05-17T20:10:00Z'), play(2, '2024-05-17T18:00:00Z'), play(1, '2024-05-17T06:30:00Z')];
  return { items: params.span === '2024' ? items.slice(0, 1) : items, next_before: Number(params.limit) === 100 ? null : 'further' };
};

describe('the last plays on Home', () => {
  it('are those of the time that the page tells of', async () => {
    serve({ 'GET /me': { time_zone: 'Europe/Prague' }, 'GET /plays': plays });
    draw(<Recent span="2024" />);
    expect(await screen.findByRole('heading', { name: 'Heard last in 2024: Track 3' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Every play in 2024' })).toHaveAttribute('href', '/history?span=2024');
  });

  it('are all plays of a single day, in order, on the clock of the listener', async () => {
    serve({ 'GET /me': { time_zone: 'Europe/Prague' }, 'GET /plays': plays });
    draw(<Recent span="2024-05-17" />);
    expect(await screen.findByRole('heading', { name: '3 plays on 17 May 2024, in order' })).toBeVisible();
    const lines = screen.getAllByRole('listitem');
    expect(lines.map((line) => within(line).getAllByRole('link')[0]?.textContent)).toEqual(['Track 1', 'Track 2', 'Track 3']);
    expect(await within(lines[0]!).findByText(/08:30/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Every play on 17 May 2024' })).toHaveAttribute('href', '/history?span=2024-05-17');
  });
});

describe('this day in earlier years', () => {
  const then = (day: string, years_ago: number, found: { track: ReturnType<typeof track>; listens: number }[]) => ({
    day, years_ago, listens: 12, first_track: track(1, 'Undertow'), first_at: `${day}T08:00:00Z`, top_track: track(2, 'Cold Lantern'), top_listens: 4, new_tracks: found.length && found.length + 2, found,
  });

  it('tells the find that stayed, and leads to each day', async () => {
    const years = [then('2022-05-17', 2, []), then('2016-05-17', 8, [{ track: track(3, 'Salt'), listens: 81 }])];
    serve({ 'GET /analysis/this-day': { day: '2024-05-17', years } });
    draw(<ThisDay />);
    expect(await screen.findByRole('heading', { name: 'Eight years ago today you first heard Salt' })).toBeVisible();
    expect(screen.getByRole('link', { name: '17 May 2016' })).toHaveAttribute('href', '/history?span=2016-05-17');
    expect(screen.getByText('12 listens, the first Undertow, most Cold Lantern, 4 times. Heard for the first time: Salt and 2 others.')).toBeVisible();
    expect(screen.getByText('12 listens, the first Undertow, most Cold Lantern, 4 times.')).toBeVisible();
  });

  it('tells what was on where nothing new stayed', async () => {
    serve({ 'GET /analysis/this-day': { day: '2024-05-17', years: [then('2023-05-17', 1, [{ track: track(3, 'Salt'), listens: 2 }])] } });
    draw(<ThisDay />);
    expect(await screen.findByRole('heading', { name: 'One year ago today Cold Lantern was on' })).toBeVisible();
  });

  it('is not there where every earlier year was silent', async () => {
    const calls = serve({ 'GET /analysis/this-day': { day: '2024-05-17', years: [] } });
    draw(<ThisDay />);
    await waitFor(() => expect(calls).toHaveLength(1));
    expect(screen.queryByRole('heading')).toBeNull();
  });
});
