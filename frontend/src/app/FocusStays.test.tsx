import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { draw } from '@/testing/render';
import { FocusStays } from './FocusStays';

function Rows({ name }: { name: string }) {
  const [rows, setRows] = useState(['One', 'Two', 'Three']);
  const without = (row: string) => setRows(rows.filter((each) => each !== row));
  return (
    <section>
      <h2>{name}</h2>
      <ul>
        {rows.map((row) => (
          <li key={row} tabIndex={0} aria-label={row} onKeyDown={(event) => event.key === 'Delete' && without(row)}>
            <a href="#x">{row}</a>
            {row === 'Two' && <a href="#y">More of it</a>}
            <button type="button" aria-label={`Take ${row} out`} onClick={() => without(row)}>
              Out
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

describe('the focus', () => {
  it('goes to the row that takes the place of a deleted one, and from the last one back', async () => {
    const user = userEvent.setup();
    draw(
      <>
        <Rows name="Tracks" />
        <FocusStays />
      </>,
    );
    act(() => screen.getByRole('listitem', { name: 'One' }).focus());
    await user.keyboard('{Delete}');
    expect(screen.getByRole('listitem', { name: 'Two' })).toHaveFocus();
    act(() => screen.getByRole('listitem', { name: 'Three' }).focus());
    await user.keyboard('{Delete}');
    expect(screen.getByRole('listitem', { name: 'Two' })).toHaveFocus();
  });

  it('stays with the same control, and ends at the heading of an empty list', async () => {
    const user = userEvent.setup();
    draw(
      <>
        <Rows name="Tracks" />
        <FocusStays />
      </>,
    );
    await user.click(screen.getByRole('button', { name: 'Take One out' }));
    expect(screen.getByRole('button', { name: 'Take Two out' })).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(screen.getByRole('button', { name: 'Take Three out' })).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(screen.getByRole('heading', { name: 'Tracks' })).toHaveFocus();
  });
});
