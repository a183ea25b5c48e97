import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { Recent } from './Recent';

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
