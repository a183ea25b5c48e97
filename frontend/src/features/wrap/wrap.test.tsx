import { render as drawn, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { ShownWrap } from '@/api/generated/model';
import { Refusal, serve } from '@/testing/api';
import { Rings } from '@/components/groove/pictures';
import { draw } from '@/testing/render';
import { wrap } from '@/testing/samples';
import { headline } from './card';
import { choiceNames } from './choice';
import { screensOf } from './screens';
import { ShareDialog } from './ShareDialog';
import { WrapPlayer } from './WrapPlayer';

const NOTHING: ShownWrap = {
  ...wrap,
  ...{ amounts: null, top_artists: [], top_tracks: [], top_albums: [], top_artist_share: null, phases: [], days: [] },
  ...{ peak_day: null, strange_day: null, longest_streak: null, hours: [], peak_hour: null, day_parts: null, shift: null },
  ...{ found: [], comebacks: [], fell_silent: null, burst: null, obsession: null, endings: null, most_skipped: null },
  ...{ never_skipped: null, first_song: null, last_song: null },
};

const keysOf = (told: ShownWrap) => screensOf(told, true).map((entry) => entry.key);

describe('a wrap', () => {
  it('tells a full span in ten to fourteen screens, the card included', () => {
    const screens = screensOf(wrap, true).length + 1;
    expect(screens).toBeGreaterThanOrEqual(10);
    expect(screens).toBeLessThanOrEqual(14);
  });

  it('prefers what nobody else would tell, in the order of the story', () => {
    const keys = keysOf(wrap);
    for (const key of ['phases', 'obsession', 'comeback', 'quiet', 'strangeDay', 'endings']) expect(keys).toContain(key);
    expect(keys).not.toContain('variety');
    expect(keys.indexOf('phases')).toBeLessThan(keys.indexOf('endings'));
    expect(keys[0]).toBe('opening');
  });

  it('leaves out what there is nothing to say about, and fills up with plainer screens', () => {
    const keys = keysOf({ ...wrap, comebacks: [], burst: null, obsession: null, endings: null, phases: [] });
    expect(keys).not.toContain('comeback');
    expect(keys).not.toContain('obsession');
    expect(keys).toContain('streak');
  });

  it('of three plays is short and still true', () => {
    const few: ShownWrap = { ...NOTHING, amounts: { ...(wrap.amounts as NonNullable<ShownWrap['amounts']>), artists: 1, minutes: 9 } };
    expect(keysOf(few)).toEqual(['opening', 'minutes', 'found', 'variety']);
    expect(keysOf(NOTHING)).toEqual(['opening']);
  });

  it('moves by arrows and buttons, stays on the card, and closes', async () => {
    const user = userEvent.setup();
    const onClose = vi.fn();
    draw(<WrapPlayer wrap={wrap} mine ending={<p>the card</p>} onClose={onClose} />);
    expect(screen.getByText('as you heard it')).toBeVisible();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByText('4,321')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Previous screen' }));
    expect(screen.getByText('as you heard it')).toBeVisible();
    await user.keyboard('{End}{ArrowRight}');
    expect(screen.getByText('the card')).toBeVisible();
    await user.keyboard('{Escape}');
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('pauses on demand', async () => {
    const user = userEvent.setup();
    draw(<WrapPlayer wrap={wrap} mine ending={<p>the card</p>} onClose={vi.fn()} />);
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    expect(screen.getByRole('button', { name: 'Go on' })).toBeVisible();
  });
});

/** Everything a wrap says, screen by screen. */
function wordsOf(told: ShownWrap): string {
  return screensOf(told, true)
    .map(({ name, render }) => {
      const { container, unmount } = drawn(<>{render()}</>);
      const words = [...container.querySelectorAll('h2, p, dt, dd, li')].map((one) => one.textContent).join(' | ');
      unmount();
      return `${name}: ${words}`;
    })
    .join('\n');
}

/** A wrap in which each thing happened that often. */
function counted(n: number): ShownWrap {
  const few = <T extends object>(item: T, names: (keyof T)[]): T => ({ ...item, ...Object.fromEntries(names.map((name) => [name, n])) });
  const item = (of: ShownWrap['top_tracks']) => of.slice(0, n).map((one) => few(one, ['listens']));
  return {
    ...wrap,
    amounts: few(wrap.amounts as NonNullable<ShownWrap['amounts']>, ['minutes', 'listens', 'tracks', 'artists', 'days_active', 'first_listens', 'new_artists']),
    ...{ top_tracks: item(wrap.top_tracks), top_artists: item(wrap.top_artists), top_albums: item(wrap.top_albums) },
    phases: wrap.phases.slice(0, n),
    found: wrap.found.map((one) => few(one, ['listens'])),
    comebacks: wrap.comebacks.slice(0, n).map((one) => few(one, ['listens'])),
    most_skipped: wrap.most_skipped && few(wrap.most_skipped, ['skips', 'plays']),
    never_skipped: wrap.never_skipped && few(wrap.never_skipped, ['tracks', 'plays']),
    endings: { finished: n / 2, skipped: 0 },
    strange_day: wrap.strange_day && few(wrap.strange_day, ['artists']),
    fell_silent: wrap.fell_silent && few(wrap.fell_silent, ['listens']),
    longest_streak: wrap.longest_streak && few(wrap.longest_streak, ['days']),
  };
}

describe('the words of a wrap', () => {
  it.each([0, 1, 2])('count %s of a thing as one would', (n) => {
    const words = wordsOf(counted(n));
    expect(words).not.toMatch(/\b1 (\w+ )?(listens|tracks|artists|minutes|days|times|plays)\b/);
    expect(words).not.toMatch(/\b0\s(%|minutes|listens|times)|once once|undefined|NaN|null/);
    expect(words).not.toContain('again and again');
  });

  it('take a silence between two months of one artist for no change', () => {
    const phase = (artist: string, month: string) => ({ artist, first_day: `2025-${month}-01`, last_day: `2025-${month}-28`, share: 0.5 });
    expect(keysOf({ ...wrap, phases: [phase('Band 1', '01'), phase('Band 1', '03')] })).not.toContain('phases');
    expect(wordsOf({ ...wrap, phases: [phase('Band 1', '01'), phase('Band 1', '03'), phase('Band 2', '04')] })).toContain('changed hands | once');
  });

  it('name the years of phases where there are several', () => {
    const phases = [
      { artist: 'Band 1', first_day: '2024-11-01', last_day: '2025-02-28', share: 0.5 },
      { artist: 'Band 2', first_day: '2025-03-01', last_day: '2025-04-30', share: 0.5 },
      { artist: 'Band 3', first_day: '2025-05-01', last_day: '2025-05-31', share: 0.5 },
    ];
    const words = wordsOf({ ...wrap, span: { text: 'all', first_day: '2024-11-03', last_day: '2025-05-30' }, phases });
    for (const told of ['Nov 2024 to Feb 2025', 'Mar to Apr 2025', 'May 2025']) expect(words).toContain(told);
  });

  it.each([
    ['2025-05-12', 20, 'In all the rest of this time, twice'],
    ['2025-05-12', 18, 'never again'],
    ['2025-05-25', 18, 'on no other day of this time'],
  ])('of seven days from %s with 18 of %s listens end in "%s"', (first_day, in_all, told) => {
    expect(wordsOf({ ...wrap, burst: { ...(wrap.burst as NonNullable<ShownWrap['burst']>), first_day, in_all } })).toContain(told);
  });

  it('do not say what comes after while it has not come', () => {
    const running: ShownWrap = { ...wrap, told_on: '2025-05-20', burst: { track: { name: 'Fog', artist: null }, first_day: '2025-05-14', listens: 8, in_all: 8 } };
    expect(wordsOf(running)).not.toContain('never again');
    expect(wordsOf(running)).toContain('until 20 May');
    const short = { ...running, comebacks: [], endings: null };
    expect(wordsOf(short)).toContain('stands, so far, at');
    expect(wordsOf({ ...short, told_on: '2025-06-01' })).toContain('ended on');
  });

  it.each([
    [2.6, 'One ring for each whole day of it.'],
    [130, 'One ring for every 3 whole days of it.'],
  ])('%s days are as many rings as they say', (days, told) => {
    const amounts = { ...(wrap.amounts as NonNullable<ShownWrap['amounts']>), minutes: Math.round(days * 1440) };
    expect(wordsOf({ ...wrap, amounts })).toContain(told);
    const { container } = drawn(<Rings count={days > 60 ? days / 3 : days} />);
    expect(container.querySelectorAll('circle[stroke="var(--signal)"]')).toHaveLength(days > 60 ? 43 : 2);
  });

  it('do not round a share to a half', () => {
    expect(wordsOf({ ...wrap, top_artist_share: 0.42 })).toContain('42\u00a0% of the minutes were theirs');
    expect(wordsOf({ ...wrap, top_artist_share: 0.1 })).toContain('About one minute in 10 was theirs');
  });

  it('tell of albums where there is room', () => {
    expect(keysOf({ ...NOTHING, top_albums: wrap.top_albums })).toEqual(['opening', 'albums']);
  });
});

describe('the card', () => {
  it('leads with what may be told', () => {
    expect(headline({ ...wrap, amounts: { ...(wrap.amounts as NonNullable<ShownWrap['amounts']>), minutes: 1, tracks: 1, artists: 1 } }).caption).toBe('minute, 1 track, 1 artist');
    expect(headline(wrap).figure).toBe('4,321');
    expect(headline({ ...wrap, amounts: null }).figure).toBe('Band 1');
    expect(headline(NOTHING).figure).toBe('May 2025');
  });
});

describe('a share link', () => {
  it('asks for exactly what is ticked, and says so beside the link', async () => {
    const user = userEvent.setup();
    const made = { id: 4, token: 'abc', url: '', span: '2025-05', shows: ['artists'], created_at: '2026-11-20T10:00:00Z', expires_at: '2026-11-27T10:00:00Z' };
    const calls = serve({
      'GET /wraps/2025-05/shown': wrap,
      'GET /shares': { items: [{ ...made, id: 3, shows: ['tracks', 'days'] }] },
      'POST /shares': made,
    });
    draw(<ShareDialog span="2025-05" open onClose={vi.fn()} />);
    for (const name of ['Your name', 'Minutes and counts', 'Tracks and albums', /^Days/]) {
      await user.click(screen.getByRole('checkbox', { name }));
    }
    expect(await screen.findByText('Tracks and days')).toBeVisible();
    await user.selectOptions(screen.getByLabelText('It opens for'), '7');
    await user.click(screen.getByRole('button', { name: 'Make the link' }));
    await waitFor(() => expect(screen.getByLabelText('Share link')).toHaveDisplayValue(/\/s\/abc$/));
    expect(calls.find((call) => call.method === 'POST')?.body).toEqual({ span: '2025-05', days: 7, shows: ['artists'] });
    await user.click(screen.getByRole('checkbox', { name: 'Artists' }));
    expect(screen.getByRole('button', { name: 'Tick something to show' })).toBeDisabled();
  });

  it('says that its card could not be drawn, instead of waiting for ever', async () => {
    serve({ 'GET /shares': { items: [] }, 'GET /wraps/2025-05/shown': new Refusal(500, 'That did not work.') });
    draw(<ShareDialog span="2025-05" open onClose={vi.fn()} />);
    expect(await screen.findByText('We could not draw the card.')).toBeVisible();
  });

  it('names a choice in a word or two', () => {
    expect(choiceNames(wrap.shows)).toBe('Everything');
    expect(choiceNames(['artists', 'days'])).toBe('Artists and days');
  });
});
