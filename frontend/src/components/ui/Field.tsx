import { useId, type ComponentProps, type ReactNode } from 'react';
import { cx } from './classes';

const BOX =
  'w-full rounded-small border border-line bg-raised px-4 py-3 text-ink placeholder:text-muted focus:border-muted focus:outline-2 focus:outline-counter-text';

interface FieldProps extends ComponentProps<'input'> {
  label: string;
  hint?: ReactNode;
  trouble?: string | null;
}

export function Field({ label, hint, trouble, className, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      <input
        id={id}
        className={cx(BOX, trouble && 'border-signal-text')}
        aria-invalid={trouble ? true : undefined}
        aria-describedby={hint || trouble ? `${id}-hint` : undefined}
        {...rest}
      />
      {(hint || trouble) && (
        <p id={`${id}-hint`} role={trouble ? 'alert' : undefined} className={cx('mt-1.5', trouble ? 'text-signal-text' : 'text-muted')}>
          {trouble ?? hint}
        </p>
      )}
    </div>
  );
}

export function TextArea({ label, className, ...rest }: ComponentProps<'textarea'> & { label: string }) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <textarea id={id} className={cx(BOX, 'min-h-24 resize-y')} {...rest} />
    </div>
  );
}

export function Select({ label, className, children, hint, ...rest }: ComponentProps<'select'> & { label: string; hint?: string }) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      <select id={id} className={BOX} aria-describedby={hint ? `${id}-hint` : undefined} {...rest}>
        {children}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

interface SwitchProps {
  label: string;
  hint: string;
  on: boolean;
  busy?: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ label, hint, on, busy, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-6">
      <div>
        <p id={id} className="font-medium">
          {label}
        </p>
        <p id={`${id}-hint`} className="text-muted">
          {hint}
        </p>
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-labelledby={id}
        aria-describedby={`${id}-hint`}
        disabled={busy}
        onClick={() => onChange(!on)}
        className={cx(
          'relative mt-0.5 h-7 w-12 shrink-0 rounded-round border transition-colors',
          on ? 'border-signal bg-signal' : 'border-muted bg-raised',
        )}
      >
        <span
          className={cx(
            'absolute top-1/2 left-1 size-5 -translate-y-1/2 rounded-round transition-transform',
            on ? 'translate-x-[1.125rem] bg-on-signal' : 'bg-muted',
          )}
        />
      </button>
    </div>
  );
}
