import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { Tops } from '@/components/listening/Tops';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { RankingPage } from './RankingPage';

const TOTAL = 150;
const spans = { first_day: '2024-03-04', last_day: '2025-02-10', years: ['2024', '2025'], months: ['2024-03'] };
const top = ({ params }: { params: Record<string, unknown> }) => ({
  items: Array.from({ length: Math.min(Number(params.limit), TOTAL - Number(params.offset ?? 0)) }, (_, at) => {
    const rank = Number(params.offset ?? 0) + at + 1;
    return { id: rank, name: `${String(params.by)} ${rank}`, artist: null, rank, listens: 500 - rank, plays: 500, ms_played: 1, previous_rank: rank + 1 };
  }),
  total: TOTAL,
  span: { text: '2024', first_day: '2024-01-01', last_day: '2024-12-31' },
  previous_span: null,
});

describe('a whole ranking', () => {
  it('goes on to the last, and says how each moved', async () => {
    serve({ 'GET /analysis/spans': spans, 'GET /analysis/top/artists': top });
    const user = userEvent.setup();
    draw(<RankingPage />, { path: '/top/:kind', url: '/top/artists?span=2024&by=time' });
    expect(await screen.findByRole('link', { name: 'time 100' })).toHaveAttribute('href', '/artists/100?span=2024');
    expect(screen.getByText('150 artists in 2024.')).toBeVisible();
    expect(screen.getAllByText('up 1')).toHaveLength(100);
    await user.click(screen.getByRole('button', { name: 'Further down' }));
    expect(await screen.findByRole('link', { name: 'time 150' })).toBeVisible();
    expect(screen.getByText('That is all of them.')).toBeVisible();
  });

  it('is there for what is spoken, by time, each a link to its page', async () => {
    const asked: unknown[] = [];
    const spoken = (request: { params: Record<string, unknown> }) => {
      asked.push(request.params.by);
      return top(request);
    };
    serve({ 'GET /analysis/spans': spans, 'GET /analysis/top/audiobooks': spoken });
    draw(<RankingPage />, { path: '/top/:kind', url: '/top/audiobooks?span=2024' });
    expect(await screen.findByRole('link', { name: 'time 1' })).toHaveAttribute('href', '/albums/1?span=2024');
    expect(screen.getByText('150 audiobooks in 2024.')).toBeVisible();
    expect(screen.queryByRole('radiogroup', { name: 'Rank by' })).not.toBeInTheDocument();
    expect(new Set(asked)).toEqual(new Set(['time']));
  });

  it('lies beside any other time, and says what fell out of it', async () => {
    const gone = (name: string, rank: number, previous_rank: number | null) => ({ id: rank, name, artist: null, album: null, rank, listens: 9, plays: 9, ms_played: 1, previous_rank });
    serve({
      'GET /analysis/spans': { ...spans, months: ['2024-03', '2025-01'] },
      'GET /analysis/top/artists': ({ params }: { params: Record<string, unknown> }) =>
        params.span === '2025'
          ? top({ params })
          : { ...top({ params }), items: [gone('Stayed', 1, 4), gone('Tarn Almanac', 2, null), gone('Anode Republic', 5, null)] },
    });
    const user = userEvent.setup();
    const { router } = draw(<RankingPage />, { path: '/top/:kind', url: '/top/artists?span=2025' });
    await user.click(await screen.findByRole('button', { name: 'Compare with: nothing. Change' }));
    await user.click(screen.getByRole('button', { name: '2024' }));
    expect(router.state.location.search).toBe('?span=2025&against=2024');
    const list = await screen.findByRole('list', { name: 'Gone since 2024' });
    expect(within(list).getAllByRole('listitem').map((line) => line.textContent)).toEqual(['Tarn Almanacwas number 2', 'Anode Republicwas number 5']);
    expect(within(list).getByRole('link', { name: 'Tarn Almanac' })).toHaveAttribute('href', '/artists/2?span=2024');
  });

  it('is one link away from the first seven, and ranked in the same way', async () => {
    serve({ 'GET /analysis/top/artists': top, 'GET /analysis/top/tracks': top, 'GET /analysis/top/albums': top });
    const user = userEvent.setup();
    const { router } = draw(<Tops span="2024" />);
    await user.click(await screen.findByRole('radio', { name: 'by time' }));
    expect(router.state.location.search).toBe('?by=time');
    await screen.findAllByRole('link', { name: 'time 7' });
    expect(screen.getByRole('link', { name: 'All 150 artists' })).toHaveAttribute('href', '/top/artists?span=2024&by=time');
  });
});
