import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { ShownWrap } from '@/api/generated/model';
import { Refusal, serve } from '@/testing/api';
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

describe('the card', () => {
  it('leads with what may be told', () => {
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
