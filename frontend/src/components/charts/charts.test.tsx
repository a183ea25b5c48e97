import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { plural } from '@/lib/format';
import { ChartFrame } from './ChartFrame';
import { Columns } from './Columns';
import { HourGrid } from './HourGrid';
import { Timeline } from './Timeline';

describe('charts', () => {
  it('read an hour out by keyboard', async () => {
    const user = userEvent.setup();
    render(
      <HourGrid
        label="Listens"
        rows={['Mon', 'Tue']}
        cells={[
          { row: 0, hour: 0, share: 0, told: 'Monday, midnight: none' },
          { row: 1, hour: 1, share: 1, told: 'Tuesday, one: 9 listens' },
        ]}
        rest="nothing chosen"
      />,
    );
    const grid = await screen.findByRole('slider', { name: /Listens/ });
    expect(grid).toHaveAttribute('aria-valuetext', 'nothing chosen');
    grid.focus();
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowDown}');
    expect(grid).toHaveAttribute('aria-valuetext', 'Tuesday, one: 9 listens');
  });

  it('open the chosen point of a timeline', async () => {
    const user = userEvent.setup();
    const onChoose = vi.fn();
    render(
      <Timeline
        label="Per month"
        told={(value) => plural(value, 'listen')}
        rest="-"
        onChoose={onChoose}
        points={[
          { key: '2025-01', tick: 'Jan', value: 3, told: 'January: 3' },
          { key: '2025-02', tick: 'Feb', value: 9, told: 'February: 9' },
        ]}
      />,
    );
    expect(await screen.findByText('9 listens')).toBeVisible();
    const line = await screen.findByRole('slider', { name: /Per month/ });
    line.focus();
    await user.keyboard('{ArrowRight}{ArrowRight}{Enter}');
    expect(line).toHaveAttribute('aria-valuetext', 'February: 9');
    expect(onChoose).toHaveBeenCalledWith('2025-02');
  });

  it('open by finger only what a first tap has read, and let go on Escape', async () => {
    const user = userEvent.setup();
    const onChoose = vi.fn();
    render(<Columns label="Plays" rest="-" onChoose={onChoose} columns={[{ key: 'only', tick: '', value: 3, told: '3 plays' }]} />);
    const columns = await screen.findByRole('slider', { name: /Plays/ });
    await user.pointer({ keys: '[TouchA]', target: columns });
    expect(columns).toHaveAttribute('aria-valuetext', '3 plays');
    expect(onChoose).not.toHaveBeenCalled();
    await user.pointer({ keys: '[TouchA]', target: columns });
    expect(onChoose).toHaveBeenCalledExactlyOnceWith('only');
    columns.focus();
    await user.keyboard('{Escape}');
    expect(columns).toHaveAttribute('aria-valuetext', '-');
  });

  it('give the same numbers as a table', async () => {
    const user = userEvent.setup();
    render(
      <ChartFrame title="You listen at night" table={{ columns: ['Hour', 'Listens'], rows: [['22:00', 9]] }}>
        <p>a chart</p>
      </ChartFrame>,
    );
    await user.click(screen.getByRole('button', { name: 'Show as table' }));
    expect(screen.getByRole('cell', { name: '22:00' })).toBeVisible();
    expect(screen.queryByText('a chart')).not.toBeInTheDocument();
  });
});
