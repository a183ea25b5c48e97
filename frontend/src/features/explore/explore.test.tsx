import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Columns } from '@/components/charts/Columns';
import { offered } from '@/components/listening/AgainstControl';
import { Refusal, serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { ExploreLayout, useExplored } from './ExploreLayout';
import { words } from './Milestones';
import { began, country, ended } from '@/lib/reasons';
import type { Ways } from '@/api/generated/model';
import { ticksOf, unitOf, yearTicks } from '@/components/charts/ticks';
import { Days } from './Days';
import { Eras } from './Eras';
import { Skips } from './Skips';
import { Streaks } from './Streaks';
import { laidBeside } from './beside';

const spans = { first_day: '2023-03-04', last_day: '2025-02-10', years: ['2023', '2024', '2025'], months: ['2024-02', '2025-01', '2025-02'] };

function Shown() {
  const { span, against } = useExplored();
  return (
    <p>
      {span} beside {against ?? 'nothing'}
    </p>
  );
}

function explore(url: string, page = <Shown />) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } });
  const router = createMemoryRouter([{ path: '/explore', element: <ExploreLayout />, children: [{ path: 'when', element: page }, { path: 'how', element: page }] }], {
    initialEntries: [url],
  });
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return router;
}

describe('exploring', () => {
  it('keeps the time and what it is beside in the URL, from part to part', async () => {
    const user = userEvent.setup();
    serve({ 'GET /analysis/spans': spans });
    const router = explore('/explore/when?span=2025');
    expect(await screen.findByText('2025 beside nothing')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Compare with: nothing. Change' }));
    await user.click(screen.getByRole('button', { name: '2023' }));
    expect(screen.getByText('2025 beside 2023')).toBeVisible();
    await user.click(screen.getByRole('link', { name: 'How' }));
    expect(router.state.location.pathname + router.state.location.search).toBe('/explore/how?span=2025&against=2023');
  });

  it('does not believe an address that names no time, or the same time twice', async () => {
    serve({ 'GET /analysis/spans': spans });
    explore('/explore/when?span=soon&against=2025');
    expect(await screen.findByText('2025 beside nothing')).toBeVisible();
  });

  it('offers only times of this history to compare with', () => {
    expect(offered('2025-02', spans)).toEqual(['2025-01', '2024-02', 'all']);
    expect(offered('2023', spans)).toEqual(['all']);
    expect(offered('all', undefined)).toEqual([]);
  });

  it('says what failed and what is safe, and tries again', async () => {
    const user = userEvent.setup();
    let up = false;
    serve({
      'GET /analysis/spans': spans,
      'GET /analysis/streaks': () =>
        up
          ? { span: {}, current: null, longest: [{ days: 9, first_day: '2024-03-01', last_day: '2024-03-09' }], artists: [], tracks: [] }
          : new Refusal(503, 'The database is restarting.'),
    });
    explore('/explore/when?span=2024', <Streaks span="2024" against={null} />);
    expect(await screen.findByText('We could not count your streaks.')).toBeVisible();
    up = true;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('heading', { name: '9 days without a silent one' })).toBeVisible();
  });
});

describe('a year that still runs', () => {
  afterEach(() => vi.useRealTimers());

  it('counts today where the listener is, a day before Greenwich', async () => {
    vi.useFakeTimers({ now: new Date('2026-01-09T21:00:00Z'), toFake: ['Date'] });
    const day = { day: '2026-01-10', listens: 1, ms_played: 200_000 };
    serve({
      'GET /me': { time_zone: 'Australia/Sydney' },
      'GET /analysis/spans': spans,
      'GET /analysis/calendar': { days: [day] },
      'GET /analysis/totals': { span: { text: '2026', first_day: '2026-01-01', last_day: '2026-12-31' }, days_active: 1 },
    });
    explore('/explore/when?span=2026', <Days span="2026" against={null} onChoose={() => undefined} />);
    expect(await screen.findByRole('heading', { name: 'There was music on 1 of 10 days' })).toBeVisible();
  });
});

describe('a comparison that could not be fetched', () => {
  it('is not said to be drawn', async () => {
    const own = { known: 4, known_share: 1, median_year: 1994, median_age_years: 30, listens: 4, note: null, decades: [{ decade: 1990, share: 1, listens: 4 }] };
    serve({
      'GET /analysis/spans': spans,
      'GET /analysis/eras': ({ params }: { params: Record<string, unknown> }) => (params.span === '2025' ? own : new Refusal(500, 'No.')),
    });
    explore('/explore/how?span=2025', <Eras span="2025" against="2023" />);
    expect(await screen.findByText('Listens by the decade the album came out.')).toBeVisible();
  });
});

describe('skips', () => {
  it('are shares of the plays that tell them', () => {
    const months = [
      { start: '2024-05-01', plays: 10, known: 10, skips: 4 },
      { start: '2024-06-01', plays: 30, known: 0, skips: 0 },
    ];
    const span = { text: '2024', first_day: '2024-01-01', last_day: '2024-12-31' };
    const data = { span, plays: 40, skips: 4, skips_known: 10, skip_share: 0.4, points: months, most_skipped: [] };
    serve({});
    draw(<Skips data={data as unknown as Ways} beside={null} against={null} onChoose={() => undefined} />);
    expect(screen.getByRole('heading', { name: /^You skip 40\s%/ })).toBeVisible();
    expect(screen.getByText('4 of 10 plays that tell it (of 40).')).toBeVisible();
  });
});

describe('words and marks', () => {
  it('tell why a play began and ended, also for words nobody knows yet', () => {
    expect(began('fwdbtn')).toBe('you pressed next');
    expect(ended('endplay')).toBe('you put on something else');
    expect(ended(null)).toBe('nobody told');
    expect(ended('beamed-up')).toBe('“beamed-up”');
  });

  it('name countries, and what is none', () => {
    expect(country('CZ')).toBe('Czechia');
    expect(country('ZZ')).toBe('Unknown');
    expect(country(null)).toBe('Not told');
  });

  it('count milestones', () => {
    expect(words('listens', 10_000)).toBe('10,000th listen');
    expect(words('first_listen', 1)).toBe('first listen');
  });

  it('write years under many months and names under few', () => {
    const months = Array.from({ length: 24 }, (_, index) => `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`);
    expect(ticksOf(months, 'month').filter(Boolean)).toEqual(['2024', '2025']);
    expect(ticksOf(months.slice(0, 3), 'month')).toEqual(['Jan', 'Feb', 'Mar']);
    const years = Array.from({ length: 180 }, (_, index) => `${2010 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`);
    expect(ticksOf(years, 'month').filter(Boolean)).toEqual(['2010', '2012', '2014', '2016', '2018', '2020', '2022', '2024']);
    // the year that began late would run into the next
    expect(ticksOf(months.slice(10), 'month').filter(Boolean)).toEqual(['Nov', 'Jan', 'Mar', 'May', 'Jul', 'Sep', 'Nov']);
    expect(yearTicks(months.slice(10)).indexOf('2025')).toBe(2);
    expect(yearTicks(months.slice(11)).filter(Boolean)).toEqual(['2025']);
    expect(unitOf({ first_day: '2024-01-01', last_day: '2024-01-31' })).toBe('day');
    expect(unitOf({ first_day: '2024-01-01', last_day: '2024-12-31' })).toBe('month');
  });

  it('lay the first month beside the first month, and nothing beside what is not over', () => {
    const of = (year: number, months: number[]) => ({
      span: { first_day: `${year}-01-01`, last_day: `${year}-12-31` },
      points: months.map((month) => ({ start: `${year}-${String(month).padStart(2, '0')}-01`, value: 10 * month })),
    });
    const today = '2026-11-24';
    const laid = (one: number[], other: number[], silent?: number) =>
      laidBeside('month', of(2021, one), of(2020, other), today, (point) => point.value, silent);
    expect(laid([1, 3], [1, 2, 3])).toEqual([10, 30]);
    expect(laid([1, 2], [2], 0)).toEqual([0, 20]);
    expect(laid([1, 2], [2])).toEqual([undefined, 20]);
    expect(laidBeside('month', of(2021, [1]), null, today, (point) => point.value, 0)).toEqual([undefined]);
  });

  it('are read out column by column', async () => {
    const user = userEvent.setup();
    render(<Columns label="Plays" rest="-" columns={[3, 9].map((value) => ({ key: String(value), tick: '', value, told: `${value} plays` }))} />);
    const columns = await screen.findByRole('slider', { name: /Plays/ });
    columns.focus();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(columns).toHaveAttribute('aria-valuetext', '9 plays');
  });
});
