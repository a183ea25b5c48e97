import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { Leaders } from './Leaders';

const led = (id: number, name: string, periods: number) => ({ id, name, artist: null, periods });
const reign = (id: number, name: string, first_day: string, last_day: string, periods: number) => ({
  id, name, artist: null, first_day, last_day, periods, listens: 90, ms_played: 1, share: 0.25,
});

const answer = ({ params }: { params: Record<string, unknown> }) => ({
  span: { text: '2024', first_day: '2024-01-01', last_day: '2024-12-31' },
  kind: params.kind,
  unit: params.unit,
  by: params.by,
  periods: params.unit === 'week' ? 52 : 12,
  leaders: params.kind === 'tracks' ? [led(3, 'Undertow', 6), led(4, 'Salt', 6)] : [led(7, 'Grey Harbour', 7), led(8, 'Tarn Almanac', 5)],
  reigns: [reign(7, 'Grey Harbour', '2024-01-01', '2024-07-31', 7), reign(8, 'Tarn Almanac', '2024-08-01', '2024-12-31', 5)],
});

describe('the number ones', () => {
  it('say who led how often, and each reign opens its time', async () => {
    serve({ 'GET /analysis/leaders': answer });
    draw(<Leaders span="2024" />);
    expect(await screen.findByRole('heading', { name: 'Grey Harbour led in 7 of 12 months' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Grey Harbour' })).toHaveAttribute('href', '/artists/7?span=2024');
    expect(screen.getByRole('link', { name: /^Grey Harbour, 7 months/ })).toHaveAttribute('href', '/history?span=2024-01-01..2024-07-31&artist_id=7');
  });

  it('are those of tracks and weeks too, kept in the address', async () => {
    serve({ 'GET /analysis/leaders': answer });
    const user = userEvent.setup();
    const { router } = draw(<Leaders span="2024" />);
    await user.click(await screen.findByRole('radio', { name: 'Tracks' }));
    expect(await screen.findByRole('heading', { name: '2 tracks led in 12 months' })).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'Weeks' }));
    expect(await screen.findByRole('heading', { name: '2 tracks led in 52 weeks' })).toBeVisible();
    expect(router.state.location.search).toBe('?led=tracks&per=week');
  });

  it('are not asked for of a single day', () => {
    const calls = serve({ 'GET /analysis/leaders': answer });
    draw(<Leaders span="2024-05-17" />);
    expect(calls).toHaveLength(0);
  });
});
