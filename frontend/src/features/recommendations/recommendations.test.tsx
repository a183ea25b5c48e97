import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { draw } from '@/testing/render';
import { track } from '@/testing/samples';
import { Refusal, serve } from '@/testing/api';
import { ForYouPage } from './ForYouPage';
import { LovedPage } from './LovedPage';

const answer = (wish: unknown) => ({
  model: { name: 'popular_and_recent', version: '', is_fallback: true, detail: 'The model server is not answering.' },
  wish,
  items: [
    {
      rank: 1,
      track: track(1, 'Cold Lantern'),
      score: 3,
      reasons: [{ kind: 'sounds_like', text: 'It sounds close to Undertow.', tracks: [track(2, 'Undertow')] }],
    },
    { rank: 2, track: track(3, 'Salt'), score: 2, reasons: [] },
  ],
});

describe('what to play next', () => {
  it('says why, says when it is a plainer answer, and links the evidence', async () => {
    serve({ 'GET /recommendations': ({ params }: { params: Record<string, unknown> }) => answer(params.wish) });
    draw(<ForYouPage />);
    expect(await screen.findByText('Cold Lantern')).toBeVisible();
    expect(screen.getByText('plainer answer')).toBeVisible();
    expect(screen.getByText(/The model server is not answering/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Undertow' })).toHaveAttribute('href', '/tracks/2');
  });

  it('asks for another wish by its tab and keeps it in the address', async () => {
    const asked: unknown[] = [];
    serve({
      'GET /recommendations': ({ params }: { params: Record<string, unknown> }) => {
        asked.push(params.wish);
        return answer(params.wish);
      },
    });
    const user = userEvent.setup();
    const { router } = draw(<ForYouPage />);
    await user.click(await screen.findByRole('radio', { name: 'Rediscover' }));
    await screen.findByText('Cold Lantern');
    expect(asked).toEqual(['discover', 'rediscover']);
    expect(router.state.location.search).toBe('?wish=rediscover');
  });

  it('takes back what was never to be suggested again, as the server keeps it', async () => {
    let hidden = false;
    const all = answer('discover');
    const calls = serve({
      'GET /recommendations': () => ({ ...all, items: hidden ? all.items.slice(1) : all.items }),
      'PUT /recommendations/feedback/1': () => {
        hidden = true;
        return { verdict: 'hide', track_id: 1 };
      },
      'DELETE /recommendations/feedback/1': () => {
        hidden = false;
        return '';
      },
    });
    const user = userEvent.setup();
    draw(<ForYouPage />);
    await user.click(await screen.findByRole('button', { name: 'Never suggest Cold Lantern again' }));
    expect(screen.queryByRole('link', { name: 'Cold Lantern' })).not.toBeInTheDocument();
    await user.click(await screen.findByRole('button', { name: 'Take back' }));
    expect(await screen.findByRole('link', { name: 'Cold Lantern' })).toBeVisible();
    expect(calls.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });

  it('knows what was loved at another visit, and says when a verdict of several was refused', async () => {
    const all = answer('discover');
    serve({
      'GET /recommendations': { ...all, items: all.items.map((item) => ({ ...item, loved: item.track.id === 3 })) },
      'PUT /recommendations/feedback/1': () => new Promise((answered) => setTimeout(() => answered(new Refusal(409, 'Not now.')), 50)),
      'DELETE /recommendations/feedback/3': '',
    });
    const user = userEvent.setup();
    draw(<ForYouPage />);
    await user.click(await screen.findByRole('button', { name: 'Love Cold Lantern' }));
    await user.click(screen.getByRole('button', { name: 'Take back: love Salt' }));
    expect(await screen.findByText('That was not kept. Not now.')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Love Cold Lantern' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Love Salt' })).toBeVisible();
  });

  it('begins with comfort where all that is known was heard, and tells who asks for more what would bring it', async () => {
    serve({
      'GET /analysis/spans': { first_day: '2014-01-01', last_day: '2025-01-01', years: ['2014'], months: [] },
      'GET /recommendations': ({ params }: { params: Record<string, unknown> }) => ({
        ...answer(params.wish),
        ...(params.wish === 'discover' && { items: [] }),
      }),
    });
    const user = userEvent.setup();
    draw(<ForYouPage />);
    expect(await screen.findByText('Cold Lantern')).toBeVisible();
    expect(screen.getByRole('radio', { name: 'Comfort' })).toBeChecked();
    await user.click(screen.getByRole('radio', { name: 'Discover' }));
    expect(await screen.findByRole('heading', { name: 'You have heard all that is known here' })).toBeVisible();
    expect(screen.getByRole('link', { name: 'Bring audio files' })).toHaveAttribute('href', '/sound');
    expect(screen.queryByRole('link', { name: 'Bring your history' })).not.toBeInTheDocument();
  });

  it('offers the way in to whoever has no history', async () => {
    serve({
      'GET /analysis/spans': { first_day: null, last_day: null, years: [], months: [] },
      'GET /recommendations': ({ params }: { params: Record<string, unknown> }) => ({ ...answer(params.wish), items: [] }),
    });
    draw(<ForYouPage />);
    expect(await screen.findByRole('link', { name: 'Bring your history' })).toBeVisible();
  });

  it('lists what is loved, to be taken back', async () => {
    let items = [{ track: track(1, 'Salt'), loved_at: '2026-01-01T00:00:00Z' }];
    serve({
      'GET /recommendations/loved': () => ({ items }),
      'DELETE /recommendations/feedback/1': () => {
        items = [];
        return '';
      },
    });
    const user = userEvent.setup();
    draw(<LovedPage />);
    await user.click(await screen.findByRole('button', { name: 'Take back: love Salt' }));
    expect(await screen.findByRole('heading', { name: 'No heart given yet' })).toBeVisible();
  });

  it('hides at once, and makes a playlist of what is left', async () => {
    const calls = serve({
      'GET /recommendations': answer('discover'),
      'PUT /recommendations/feedback/1': { verdict: 'hide', track_id: 1 },
      'POST /playlists': { id: 9, name: 'x', description: '', created_at: '2026-01-01T00:00:00Z', track_count: 1, tracks: [] },
    });
    const user = userEvent.setup();
    draw(<ForYouPage />);
    await user.click(await screen.findByRole('button', { name: 'Never suggest Cold Lantern again' }));
    expect(screen.queryByRole('link', { name: 'Cold Lantern' })).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Make a playlist' }));
    await user.click(screen.getByRole('button', { name: 'Make it' }));
    const made = calls.find((call) => call.path === '/playlists');
    expect(made?.body).toMatchObject({ track_ids: [3] });
  });
});
