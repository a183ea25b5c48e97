import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { SearchDialog } from './SearchDialog';

describe('the search', () => {
  it('says how often and when last, and opens by keyboard', async () => {
    serve({
      'GET /library/search': {
        artists: [{ id: 7, name: 'Grey Harbour', artist: null, listens: 12, plays: 15, last_played_at: '2024-05-17T20:00:00Z' }],
        tracks: [{ track: track(1, 'Grey Morning'), listens: 1, plays: 2, last_played_at: '2023-01-02T20:00:00Z' }],
        albums: [],
      },
    });
    const user = userEvent.setup();
    const { router } = draw(<SearchDialog open onClose={() => undefined} />, { path: '/' });
    await user.type(await screen.findByRole('combobox'), 'grey');
    expect(await screen.findByText('12 listens, last on 17 May 2024')).toBeVisible();
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('option', { name: /Grey Morning/ })).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{Enter}');
    expect(router.state.location.pathname).toBe('/tracks/1');
  });

  it('opens nothing that answers to fewer letters, nor what only ends a word being composed', async () => {
    let answer: (found: unknown) => void = () => undefined;
    const of = (id: number, name: string) => ({
      artists: [],
      tracks: [{ track: track(id, name), listens: 1, plays: 2, last_played_at: '2023-01-02T20:00:00Z' }],
      albums: [],
    });
    serve({
      'GET /library/search': ({ params }: { params: Record<string, unknown> }) =>
        params.q === 'g' ? of(1, 'Gravel') : new Promise((resolve) => (answer = resolve)),
    });
    const user = userEvent.setup();
    const { router } = draw(<SearchDialog open onClose={() => undefined} />, { path: '/' });
    const field = await screen.findByRole('combobox');
    await user.type(field, 'g');
    expect(await screen.findByRole('option', { name: /Gravel/ })).toBeVisible();
    await user.type(field, 'o');
    await user.keyboard('{Enter}');
    expect(router.state.location.pathname).toBe('/');
    act(() => answer(of(2, 'Go')));
    expect(await screen.findByRole('option', { name: /Go/ })).toBeVisible();
    fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
    expect(router.state.location.pathname).toBe('/');
    await user.keyboard('{Enter}');
    expect(router.state.location.pathname).toBe('/tracks/2');
  });

  it('leaves the choice to the keyboard while the mouse rests', async () => {
    serve({
      'GET /library/search': {
        artists: [],
        tracks: [1, 2, 3].map((id) => ({ track: track(id, `Grey ${id}`), listens: 1, plays: 1, last_played_at: '2023-01-02T20:00:00Z' })),
        albums: [],
      },
    });
    const user = userEvent.setup();
    draw(<SearchDialog open onClose={() => undefined} />, { path: '/' });
    await user.type(await screen.findByRole('combobox'), 'grey');
    const third = await screen.findByRole('option', { name: /Grey 3/ });
    await user.keyboard('{ArrowDown}');
    fireEvent.pointerOver(third);
    expect(screen.getByRole('option', { name: /Grey 2/ })).toHaveAttribute('aria-selected', 'true');
    fireEvent.pointerMove(third);
    expect(third).toHaveAttribute('aria-selected', 'true');
  });

  it('says when nothing is called so', async () => {
    serve({ 'GET /library/search': { artists: [], tracks: [], albums: [] } });
    const user = userEvent.setup();
    draw(<SearchDialog open onClose={() => undefined} />, { path: '/' });
    await user.type(await screen.findByRole('combobox'), 'zzz');
    await waitFor(() => expect(screen.getByText('Nothing you have played is called so.')).toHaveRole('status'));
  });
});
