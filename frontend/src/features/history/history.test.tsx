import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { Refusal, serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { HistoryPage } from './HistoryPage';

const play = (id: number, at: string, name: string) => ({
  track: track(id, name),
  played_track_id: id,
  kind: 'song',
  started_at: `${at}Z`,
  ended_at: `${at.slice(0, -2)}30Z`,
  ms_played: 200_000,
  is_listen: true,
  skipped: false,
  source: 'spotify_export',
});
const plays = [play(1, '2024-05-17T22:30:00', 'Undertow'), play(2, '2024-05-17T20:00:00', 'Cold Lantern')];
const base = {
  'GET /me': { time_zone: 'Europe/Prague' },
  'GET /analysis/spans': { first_day: '2024-05-17', last_day: '2024-05-18', years: ['2024'], months: ['2024-05'] },
  'GET /plays/changes': { items: [] },
};

describe('every play', () => {
  it('stands under the day of the listener, and goes by keyboard, with a way back', async () => {
    const calls = serve({
      ...base,
      'GET /plays': { items: plays, next_before: null },
      'POST /plays/deletions': { id: 5, kind: 'deleted', plays: 1, made_at: '2024-06-01T00:00:00Z' },
      'DELETE /plays/changes/5': '',
    });
    const user = userEvent.setup();
    draw(<HistoryPage />, { path: '/history' });
    const day = await screen.findByRole('region', { name: 'Saturday, 18 May 2024' });
    const row = within(day).getByRole('listitem', { name: 'Undertow, Grey Harbour, 00:30' });
    row.focus();
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('listitem', { name: 'Cold Lantern, Grey Harbour, 22:00' })).toHaveFocus();
    await user.keyboard('{Delete}');
    await user.click(await screen.findByRole('button', { name: 'Take back' }));
    expect(calls.filter(({ method }) => method !== 'GET')).toEqual([
      { method: 'POST', path: '/plays/deletions', body: { plays: [{ track_id: 2, ended_at: '2024-05-17T20:00:30Z' }] } },
      { method: 'DELETE', path: '/plays/changes/5', body: undefined },
    ]);
  });

  it('says when a change was refused', async () => {
    serve({
      ...base,
      'GET /plays': { items: plays, next_before: null },
      'POST /plays/corrections': new Refusal(409, 'There is a play of this track with this end already.'),
    });
    const user = userEvent.setup();
    draw(<HistoryPage />, { path: '/history' });
    await user.click(await screen.findByRole('button', { name: 'Correct this play of Undertow' }));
    const length = screen.getByLabelText('How long');
    await user.clear(length);
    await user.type(length, 'long');
    await user.click(screen.getByRole('button', { name: 'Correct it' }));
    expect(screen.getByText('A length is written 3:20, in minutes and seconds.')).toBeVisible();
    await user.clear(length);
    await user.type(length, '2:00');
    await user.click(screen.getByRole('button', { name: 'Correct it' }));
    expect(await screen.findByText(/Nothing was changed. There is a play/)).toBeVisible();
  });

  it('offers the way in where there is nothing yet', async () => {
    serve({ ...base, 'GET /analysis/spans': { first_day: null, last_day: null, years: [], months: [] }, 'GET /plays': { items: [], next_before: null } });
    draw(<HistoryPage />, { path: '/history' });
    expect(await screen.findByRole('link', { name: 'Bring your history' })).toBeVisible();
  });
});
