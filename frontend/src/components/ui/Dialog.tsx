import { X } from 'lucide-react';
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useToasts } from '@/stores/toasts';
import { IconButton } from './Button';
import { Toasts } from './Toasts';

interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** The browser's own modal: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ open, title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const enter = useToasts((state) => state.enter);
  // closed while it is still in the page, also by a page that leaves: only then does the focus go back
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!open || !dialog) return;
    dialog.showModal();
    const leave = enter(id);
    return () => {
      dialog.close();
      leave();
    };
  }, [open, enter, id]);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      onClose={(event) => !event.currentTarget.open && onClose()}
      onClick={(event) => event.target === ref.current && onClose()}
      className="m-auto w-[min(30rem,calc(100vw-2rem))] rounded-panel border border-line bg-ground p-0 text-ink open:animate-arrive max-sm:mb-4"
    >
      {open && (
        <div className="p-6">
          <div className="mb-3 flex items-start justify-between gap-4">
            <h2 id={id} className="title pt-1.5">
              {title}
            </h2>
            <IconButton label="Close" onClick={onClose} className="-mt-1 -mr-2">
              <X size={20} aria-hidden />
            </IconButton>
          </div>
          {children}
        </div>
      )}
      {open && <Toasts dialog={id} />}
    </dialog>
  );
}
