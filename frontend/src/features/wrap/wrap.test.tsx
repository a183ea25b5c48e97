import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { draw } from '@/testing/render';
import { wrap } from '@/testing/samples';
import { screensOf } from './screens';
import { WrapPlayer } from './WrapPlayer';

describe('a wrap', () => {
  it('tells a full span in ten to fourteen screens, the card included', () => {
    const screens = screensOf(wrap).length + 1;
    expect(screens).toBeGreaterThanOrEqual(10);
    expect(screens).toBeLessThanOrEqual(14);
  });

  it('leaves out what there is nothing to say about', () => {
    const keys = screensOf({ ...wrap, comeback: null, obsession: null, finished_share: null }).map((entry) => entry.key);
    expect(keys).not.toContain('comeback');
    expect(keys).not.toContain('obsession');
    expect(keys).not.toContain('finished');
    expect(keys).toContain('minutes');
  });

  it('moves by arrows and buttons, stays on the card, and closes', async () => {
    const user = userEvent.setup();
    const onClose = vi.fn();
    draw(<WrapPlayer wrap={wrap} ending={<p>the card</p>} onClose={onClose} />);
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
    draw(<WrapPlayer wrap={wrap} ending={<p>the card</p>} onClose={vi.fn()} />);
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    expect(screen.getByRole('button', { name: 'Go on' })).toBeVisible();
  });
});
