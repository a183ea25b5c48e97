import { ChevronDown } from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import type { Spans } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { cx } from '@/components/ui/classes';
import { Field } from '@/components/ui/Field';
import { MONTHS } from '@/lib/format';
import { spanDays } from '@/lib/span';

interface SpanMenuProps {
  /** What the button says to those who cannot see what it stands beside. */
  name: string;
  /** What is chosen, as the button shows it. */
  shown: string;
  span: string | null;
  spans: Spans | undefined;
  /** Offered above the years; null chooses nothing. */
  quick: { value: string | null; label: string }[];
  onChoose: (span: string | null) => void;
}

/** A button that opens every time there is to choose from: a few at once, any year or month, any pair of days. */
export function SpanMenu({ name, shown, span, spans, quick, onChoose }: SpanMenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);

  const choose = (next: string | null) => {
    onChoose(next);
    setOpen(false);
    button.current?.focus();
  };

  return (
    <div ref={root}>
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={`${name}: ${shown}. Change`}
        onClick={() => setOpen(!open)}
        className="flex min-h-11 w-full items-center justify-center gap-1.5 px-1 font-medium"
      >
        {shown}
        <ChevronDown size={15} className={cx('text-muted transition-transform', open && 'rotate-180')} aria-hidden />
      </button>
      {open && (
        <div
          id={id}
          className="absolute right-0 z-30 mt-2 max-h-[70vh] w-[22rem] max-w-[calc(100vw-2.5rem)] animate-arrive overflow-auto rounded-panel border border-line bg-ground p-4 max-sm:left-0 max-sm:w-full"
        >
          <div className="grid grid-cols-2 gap-1">
            {quick.map(({ value, label }) => (
              <Choice key={label} chosen={span === value} onClick={() => choose(value)}>
                {label}
              </Choice>
            ))}
          </div>
          {[...(spans?.years ?? [])].reverse().map((year) => (
            <div key={year} className="mt-3 border-t border-line pt-3">
              <Choice chosen={span === String(year)} onClick={() => choose(String(year))}>
                {year}
              </Choice>
              <div className="grid grid-cols-6 gap-1">
                {MONTHS.map((month, index) => {
                  const value = `${year}-${String(index + 1).padStart(2, '0')}`;
                  return (
                    <Choice
                      key={value}
                      chosen={span === value}
                      disabled={!spans?.months.includes(value)}
                      label={`${month.slice(0, 3)} ${year}`}
                      onClick={() => choose(value)}
                    >
                      {month.slice(0, 3)}
                    </Choice>
                  );
                })}
              </div>
            </div>
          ))}
          <FromTo span={span} spans={spans} onChoose={choose} />
        </div>
      )}
    </div>
  );
}

interface ChoiceProps {
  chosen: boolean;
  disabled?: boolean;
  label?: string;
  onClick: () => void;
  children: ReactNode;
}

function Choice({ chosen, disabled, label, onClick, children }: ChoiceProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
      className={cx(
        'min-h-10 rounded-small px-2 text-left transition-colors disabled:opacity-30',
        chosen ? 'bg-signal font-medium text-on-signal' : 'not-disabled:hover:bg-raised',
      )}
    >
      {children}
    </button>
  );
}

interface FromToProps {
  span: string | null;
  spans: Spans | undefined;
  onChoose: (span: string) => void;
}

function FromTo({ span, spans, onChoose }: FromToProps) {
  const known = span === null ? null : spanDays(span);
  const [first, setFirst] = useState(known?.first ?? spans?.first_day ?? '');
  const [last, setLast] = useState(known?.last ?? spans?.last_day ?? '');
  const ready = first !== '' && last !== '' && first <= last;
  return (
    <form
      className="mt-3 grid grid-cols-2 gap-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onChoose(first === last ? first : `${first}..${last}`);
      }}
    >
      <Field label="From" type="date" value={first} onChange={(event) => setFirst(event.target.value)} />
      <Field label="To" type="date" value={last} onChange={(event) => setLast(event.target.value)} />
      <Button type="submit" className="col-span-2" disabled={!ready}>
        These days
      </Button>
    </form>
  );
}
