import { cx } from './classes';

interface TabsProps<T extends string> {
  label: string;
  options: { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
  className?: string;
}

/** One choice out of a few, as a row of words with the needle under the chosen one. Arrow keys move the choice. */
export function Tabs<T extends string>({ label, options, value, onChange, className }: TabsProps<T>) {
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cx('no-scrollbar flex gap-1 overflow-x-auto', className)}
      onKeyDown={(event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const at = options.findIndex((option) => option.value === value);
        const next = options[(at + step + options.length) % options.length];
        if (!next) return;
        onChange(next.value);
        const buttons = event.currentTarget.querySelectorAll('button');
        buttons[options.indexOf(next)]?.focus();
      }}
    >
      {options.map((option) => {
        const chosen = option.value === value;
        return (
          <button
            key={option.value}
            type="button"
            role="radio"
            aria-checked={chosen}
            tabIndex={chosen ? 0 : -1}
            onClick={() => onChange(option.value)}
            className={cx(
              'relative min-h-11 shrink-0 px-3 font-medium transition-colors first:-ml-3',
              chosen ? 'text-ink' : 'text-muted hover:text-ink',
            )}
          >
            {option.label}
            <span
              aria-hidden
              className={cx(
                'absolute inset-x-3 bottom-1 h-0.5 origin-left rounded-round bg-signal transition-transform',
                chosen ? 'scale-x-100' : 'scale-x-0',
              )}
            />
          </button>
        );
      })}
    </div>
  );
}
