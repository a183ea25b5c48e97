import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { draw } from '@/testing/render';
import { SpanControl } from './SpanControl';

const spans = { first_day: '2024-03-04', last_day: '2025-02-10', years: ['2024', '2025'], months: ['2024-03', '2025-02'] };

describe('choosing the time', () => {
  it('steps within the history and not beyond it', async () => {
    const user = userEvent.setup();
    const onChoose = vi.fn();
    draw(<SpanControl span="2025" spans={spans} onChoose={onChoose} />);
    expect(screen.getByRole('button', { name: 'Later' })).toHaveAttribute('aria-disabled', 'true');
    await user.click(screen.getByRole('button', { name: 'Earlier' }));
    expect(onChoose).toHaveBeenCalledWith('2024');
  });

  it('offers only months that have plays', async () => {
    const user = userEvent.setup();
    const onChoose = vi.fn();
    draw(<SpanControl span="2025" spans={spans} onChoose={onChoose} />);
    await user.click(screen.getByRole('button', { name: 'Time shown: 2025. Change' }));
    expect(screen.getByRole('button', { name: 'Apr 2024' })).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'Mar 2024' }));
    expect(onChoose).toHaveBeenCalledWith('2024-03');
  });
});
