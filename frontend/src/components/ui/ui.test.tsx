import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { draw } from '@/testing/render';
import { useToasts } from '@/stores/toasts';
import { Button, IconButton } from './Button';
import { Copyable } from './Copyable';
import { Dialog } from './Dialog';

function Refused() {
  const [open, setOpen] = useState(false);
  const say = useToasts((state) => state.say);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Ask</Button>
      <Dialog open={open} title="Undo this import?" onClose={() => setOpen(false)}>
        <Button onClick={() => say('Nothing was undone.', 'trouble')}>Undo it</Button>
      </Dialog>
    </>
  );
}

describe('what a dialog tells', () => {
  it('is told inside it while it is open, and on the page after', async () => {
    const user = userEvent.setup();
    draw(<Refused />);
    await user.click(screen.getByRole('button', { name: 'Ask' }));
    await user.click(screen.getByRole('button', { name: 'Undo it' }));
    expect(within(screen.getByRole('dialog')).getByRole('button', { name: 'Nothing was undone.' })).toBeVisible();
    expect(screen.getAllByText('Nothing was undone.')).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Nothing was undone.' }));
    expect(screen.queryByText('Nothing was undone.')).not.toBeInTheDocument();
  });

  it('ends with its page: the browser gives the focus back only to what is closed in time', () => {
    const close = vi.spyOn(HTMLDialogElement.prototype, 'close');
    const { unmount } = draw(
      <Dialog open title="Rename" onClose={() => undefined}>
        Here
      </Dialog>,
    );
    close.mockClear();
    unmount();
    expect(close).toHaveBeenCalledOnce();
    close.mockRestore();
  });
});

describe('a button that is busy', () => {
  it('keeps the focus and hears no second press', async () => {
    const sent = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
    const user = userEvent.setup();
    const Keeping = () => {
      const [busy, setBusy] = useState(false);
      return (
        <form onSubmit={(event) => (sent(event), setBusy(true))}>
          <Button type="submit" busy={busy}>
            Keep
          </Button>
          <IconButton label="Up" disabled={busy} onClick={sent}>
            ↑
          </IconButton>
        </form>
      );
    };
    draw(<Keeping />);
    const button = screen.getByRole('button', { name: 'Keep' });
    await user.click(button);
    expect(button).toHaveFocus();
    await user.keyboard('{Enter}');
    await user.click(button);
    await user.click(screen.getByRole('button', { name: 'Up' }));
    expect(sent).toHaveBeenCalledOnce();
  });
});

describe('copying', () => {
  it('selects what is to be copied and says so where a page may not copy', async () => {
    const user = userEvent.setup({ writeToClipboard: false });
    vi.stubGlobal('navigator', Object.create(navigator, { clipboard: { value: undefined } }));
    draw(<Copyable label="Share link" value="http://192.168.1.7/s/abc" />);
    await user.click(screen.getByRole('button', { name: 'Copy: Share link' }));
    expect(await screen.findByText(/does not let a page copy/)).toBeVisible();
    const field = screen.getByLabelText<HTMLInputElement>('Share link');
    expect(field).toHaveFocus();
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, field.value.length]);
    vi.unstubAllGlobals();
  });
});
