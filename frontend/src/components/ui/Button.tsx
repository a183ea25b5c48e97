import type { ComponentProps, ReactNode } from 'react';
import { Link, type LinkProps } from 'react-router';
import { cx } from './classes';

type Look = 'signal' | 'plain' | 'quiet' | 'danger';

const LOOKS: Record<Look, string> = {
  signal: 'bg-signal text-on-signal hover:brightness-108',
  plain: 'border border-line bg-raised text-ink hover:border-muted',
  quiet: 'text-muted hover:text-ink hover:bg-raised',
  danger: 'border border-signal-text text-signal-text hover:bg-raised',
};

const SHAPE =
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-round px-5 font-medium transition-[background-color,border-color,color,filter] disabled:opacity-50 disabled:pointer-events-none';

interface ButtonProps extends ComponentProps<'button'> {
  look?: Look;
  busy?: boolean;
}

export function Button({ look = 'plain', busy = false, className, children, disabled, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(SHAPE, LOOKS[look], className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy && <span className="size-3 animate-breathe rounded-round bg-current" aria-hidden />}
      {children}
    </button>
  );
}

export function ButtonLink({ look = 'plain', className, ...rest }: LinkProps & { look?: Look }) {
  return <Link className={cx(SHAPE, LOOKS[look], className)} {...rest} />;
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** Names what the button does; shown to everyone as a tooltip. */
  label: string;
  pressed?: boolean;
  children: ReactNode;
}

export function IconButton({ label, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      className={cx(
        'inline-grid size-11 shrink-0 place-items-center rounded-round transition-colors hover:bg-raised disabled:opacity-30',
        pressed ? 'text-signal-text' : 'text-muted hover:text-ink',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
