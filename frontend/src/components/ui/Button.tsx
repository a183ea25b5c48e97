import type { ComponentProps, MouseEvent, ReactNode } from 'react';
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
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-round px-5 font-medium transition-[background-color,border-color,color,filter] disabled:opacity-50 disabled:pointer-events-none aria-disabled:cursor-default aria-disabled:opacity-50';

interface ButtonProps extends ComponentProps<'button'> {
  look?: Look;
  /** Under way: further presses are ignored, and the focus stays where it is. */
  busy?: boolean;
}

export function Button({ look = 'plain', busy = false, className, children, type = 'button', onClick, ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(SHAPE, LOOKS[look], className)}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? ignore : onClick}
      {...rest}
    >
      {busy && <span className="size-3 animate-breathe rounded-round bg-current" aria-hidden />}
      {children}
    </button>
  );
}

/** Neither the press nor the form behind it: a disabled button would do so too, and lose the focus. */
const ignore = (event: MouseEvent) => event.preventDefault();

export function ButtonLink({ look = 'plain', className, ...rest }: LinkProps & { look?: Look }) {
  return <Link className={cx(SHAPE, LOOKS[look], className)} {...rest} />;
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** Names what the button does; shown to everyone as a tooltip. */
  label: string;
  pressed?: boolean;
  /** It stays in the order of the keys, and a press does nothing. */
  disabled?: boolean;
  children: ReactNode;
}

export function IconButton({ label, pressed, disabled, className, children, onClick, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-disabled={disabled || undefined}
      onClick={disabled ? ignore : onClick}
      className={cx(
        'inline-grid size-11 shrink-0 place-items-center rounded-round transition-colors aria-disabled:cursor-default aria-disabled:opacity-30',
        pressed ? 'text-signal-text' : 'text-muted',
        !disabled && 'hover:bg-raised hover:text-ink',
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
