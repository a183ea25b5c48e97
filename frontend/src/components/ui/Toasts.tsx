import { useToasts } from '@/stores/toasts';
import { cx } from './classes';

export function Toasts() {
  const { toasts, dismiss } = useToasts();
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-24 z-40 flex flex-col items-center gap-2 lg:bottom-6"
    >
      {toasts.map((toast) => (
        <button
          key={toast.id}
          type="button"
          onClick={() => dismiss(toast.id)}
          className={cx(
            'pointer-events-auto max-w-md animate-arrive rounded-round border bg-raised px-5 py-2.5 text-left',
            toast.tone === 'trouble' ? 'border-signal' : 'border-line',
          )}
        >
          {toast.text}
        </button>
      ))}
    </div>
  );
}
