import { useToasts } from '@/stores/toasts';
import { cx } from './classes';

/** What was just said, at the foot of the page or of the topmost dialog. */
export function Toasts({ dialog }: { dialog?: string }) {
  const { toasts, dialogs, dismiss } = useToasts();
  const shown = dialogs.at(-1) === dialog ? toasts : [];
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-24 z-40 flex flex-col items-center gap-2 lg:bottom-6"
    >
      {shown.map((toast) => (
        <div
          key={toast.id}
          className={cx(
            'pointer-events-auto flex max-w-md animate-arrive items-center rounded-round border bg-raised',
            toast.tone === 'trouble' ? 'border-signal' : 'border-line',
          )}
        >
          <button type="button" onClick={() => dismiss(toast.id)} className="px-5 py-2.5 text-left">
            {toast.text}
          </button>
          {toast.action && (
            <button
              type="button"
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
              className="min-h-11 shrink-0 border-l border-line px-5 font-medium text-signal-text hover:underline"
            >
              {toast.action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
