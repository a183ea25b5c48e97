import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serve } from '@/testing/api';
import { draw } from '@/testing/render';
import { Groove } from './Groove';
import { Headline } from './Headline';

const span = { text: '2026', first_day: '2026-01-01', last_day: '2026-12-31' };
const totals = (minutes: number) => ({
  ...{ span, minutes, ms_played: minutes * 60_000, plays: 3, listens: 3, skips: 0, skips_known: 3, tracks: 1, artists: 1, albums: 1 },
  ...{ days_active: 1, first_listens: 1, spoken: { plays: 0, ms_played: 0, minutes: 0 }, uncertain: {}, previous: null, previous_span: null },
});

describe('the headline', () => {
  it.each([
    [1, 'all', /^1minute of listening over all time$/],
    [2.6 * 1440, '2026', /^3,744minutes of listening in 2026, 2 whole days$/],
  ])('says %s minutes of %s as they are', async (minutes, of, words) => {
    serve({ 'GET /analysis/totals': totals(minutes) });
    draw(<Headline span={of} against={null} />);
    expect((await screen.findByRole('heading')).textContent).toMatch(words);
  });
});

describe('the groove of a year that runs', () => {
  afterEach(() => vi.useRealTimers());

  it('has days that have not been yet, and opens none of them', async () => {
    vi.useFakeTimers({ now: new Date('2026-01-02T12:00:00Z'), toFake: ['Date'] });
    const user = userEvent.setup();
    const onChoose = vi.fn();
    serve({
      'GET /me': { time_zone: 'UTC' },
      'GET /analysis/totals': totals(3),
      'GET /analysis/calendar': { days: [{ day: '2026-01-01', listens: 1, ms_played: 60_000 }] },
    });
    draw(<Groove span="2026" onChoose={onChoose} />);
    const groove = await screen.findByRole('slider');
    groove.focus();
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(groove).toHaveAttribute('aria-valuetext', 'Friday, 2 January 2026: Silence');
    await user.keyboard('{Enter}{ArrowRight}');
    expect(groove).toHaveAttribute('aria-valuetext', 'Saturday, 3 January 2026: Not yet');
    await user.keyboard('{Enter}');
    expect(onChoose.mock.calls).toEqual([['2026-01-02']]);
  });
});
