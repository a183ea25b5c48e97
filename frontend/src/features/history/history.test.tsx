import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useToasts } from '@/stores/toasts';
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
  'GET /plays/changes': { items: [], total: 0, next_before: null },
};

afterEach(() => useToasts.setState({ toasts: [] }));

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
    expect(screen.getByRole('alert')).toHaveTextContent('A length is written 3:20, in minutes and seconds.');
    expect([length, screen.getByLabelText('Track')].map((field) => field.getAttribute('aria-invalid'))).toEqual(['true', null]);
    await user.clear(length);
    await user.type(length, '2:00');
    await user.click(screen.getByRole('button', { name: 'Correct it' }));
    expect(await screen.findByText(/Nothing was changed. There is a play/)).toBeVisible();
  });

  it('lets go of what was chosen when other plays are shown', async () => {
    serve({
      ...base,
      'GET /plays': ({ params }: { params: Record<string, unknown> }) => ({
        items: params.track_id ? plays.slice(0, 1) : plays,
        next_before: null,
      }),
      'GET /tracks/1': { track: track(1, 'Undertow') },
    });
    const user = userEvent.setup();
    const { router } = draw(<HistoryPage />, { path: '/history' });
    await user.click(await screen.findByRole('checkbox', { name: 'Choose Cold Lantern' }));
    expect(screen.getByText('1 play chosen')).toBeVisible();
    await act(() => router.navigate('/history?track_id=1'));
    await waitFor(() => expect(screen.queryByRole('listitem', { name: /Cold Lantern/ })).not.toBeInTheDocument());
    expect(screen.queryByText('1 play chosen')).not.toBeInTheDocument();
  });

  it('gives each of two quick deletions its way back', async () => {
    const answers: ((change: unknown) => void)[] = [];
    const calls = serve({
      ...base,
      'GET /plays': { items: plays, next_before: null },
      'POST /plays/deletions': () => new Promise((resolve) => answers.push(resolve)),
      'DELETE /plays/changes/5': '',
    });
    const user = userEvent.setup();
    draw(<HistoryPage />, { path: '/history' });
    await user.click(await screen.findByRole('button', { name: 'Delete this play of Undertow' }));
    await user.click(screen.getByRole('button', { name: 'Delete this play of Cold Lantern' }));
    await waitFor(() => expect(answers).toHaveLength(2));
    act(() => answers.forEach((answer, at) => answer({ id: 5 + at, kind: 'deleted', plays: 1, made_at: '2024-06-01T00:00:00Z' })));
    await waitFor(() => expect(screen.getAllByRole('button', { name: 'Take back' })).toHaveLength(2));
    for (const button of screen.getAllByRole('button', { name: 'Take back' })) await user.click(button);
    const taken = () => calls.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
    await waitFor(() => expect(taken().sort()).toEqual(['/plays/changes/5', '/plays/changes/6']));
  });

  it('stops at a page that was refused, says so, and goes on when asked', async () => {
    let watching: (() => void) | null = null;
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(private readonly seen: (entries: { isIntersecting: boolean }[]) => void) {}
        observe() {
          watching = () => this.seen([{ isIntersecting: true }]);
          queueMicrotask(() => watching?.());
        }
        disconnect() {
          watching = null;
        }
      },
    );
    let asked = 0;
    serve({
      ...base,
      'GET /plays': ({ params }: { params: Record<string, unknown> }) => {
        if (!params.before) return { items: plays.slice(0, 1), next_before: 'x' };
        asked += 1;
        return asked === 1 ? new Refusal(422, 'That page is not there.') : { items: plays.slice(1), next_before: null };
      },
    });
    const user = userEvent.setup();
    draw(<HistoryPage />, { path: '/history' });
    expect(await screen.findByText('We could not fetch what lies further back.')).toBeVisible();
    await new Promise((soon) => setTimeout(soon, 50));
    expect(asked).toBe(1);
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('That was the first one.')).toBeVisible();
    vi.unstubAllGlobals();
  });

  it('names what was not played, and lets go of a filter whose name is not known', async () => {
    serve({
      ...base,
      'GET /plays': { items: [], next_before: null },
      'GET /tracks/1': { track: track(1, 'Undertow') },
    });
    const user = userEvent.setup();
    const { router } = draw(<HistoryPage />, { path: '/history', url: '/history?span=2019&track_id=1' });
    expect(await screen.findByText('No play of Undertow in 2019.')).toBeVisible();
    await act(() => router.navigate('/history?artist_id=404'));
    expect(await screen.findByText('There is no play of this artist.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: /Only this artist/ }));
    expect(router.state.location.search).toBe('');
  });

  it('leads back to every change by hand, also when the last play was deleted', async () => {
    const change = (id: number) => ({ id, kind: 'deleted', plays: 1, made_at: '2024-06-01T00:00:00Z' });
    serve({
      ...base,
      'GET /analysis/spans': { first_day: null, last_day: null, years: [], months: [] },
      'GET /plays': { items: [], next_before: null },
      'GET /plays/changes': ({ params }: { params: Record<string, unknown> }) =>
        params.before
          ? { items: [change(3)], total: 61, next_before: null }
          : { items: Array.from({ length: 2 }, (_, at) => change(5 - at)), total: 61, next_before: 4 },
    });
    const user = userEvent.setup();
    draw(<HistoryPage />, { path: '/history' });
    await user.click(await screen.findByRole('button', { name: '61 changes by hand' }));
    await user.click(screen.getByRole('button', { name: 'Further back' }));
    await waitFor(() => expect(screen.getAllByRole('button', { name: 'Take back' })).toHaveLength(3));
  });

  it('offers the way in where there is nothing yet', async () => {
    serve({ ...base, 'GET /analysis/spans': { first_day: null, last_day: null, years: [], months: [] }, 'GET /plays': { items: [], next_before: null } });
    draw(<HistoryPage />, { path: '/history' });
    expect(await screen.findByRole('link', { name: 'Bring your history' })).toBeVisible();
  });
});
