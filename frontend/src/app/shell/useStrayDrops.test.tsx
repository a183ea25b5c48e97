import { createEvent, fireEvent, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { draw } from '@/testing/render';
import { useStrayDrops } from './useStrayDrops';

function Page() {
  useStrayDrops();
  return (
    <>
      <p>Beside</p>
      <p onDragOver={(event) => event.preventDefault()}>Platter</p>
    </>
  );
}

it('keeps the page when a file is dropped beside what takes it, and leaves the rest alone', () => {
  draw(<Page />);
  const over = (text: string, type: string) => {
    const dataTransfer = { types: [type], dropEffect: 'copy' };
    const event = createEvent.dragOver(screen.getByText(text), { dataTransfer });
    fireEvent(screen.getByText(text), event);
    return [event.defaultPrevented, (event as DragEvent).dataTransfer?.dropEffect];
  };
  expect(over('Beside', 'Files')).toEqual([true, 'none']);
  expect(over('Platter', 'Files')).toEqual([true, 'copy']);
  expect(over('Beside', 'text/plain')).toEqual([false, 'copy']);
});
