import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { Spans } from '@/api/generated/model';
import { Button, IconButton } from '@/components/ui/Button';
import { cx } from '@/components/ui/classes';
import { Field } from '@/components/ui/Field';
import { MONTHS } from '@/lib/format';
import { spanDays, spanLabel, stepSpan, weekOf } from '@/lib/span';

interface SpanControlProps {
  span: string;
  spans: Spans | undefined;
  onChoose: (span: string) => void;
}

const LATELY = ['all', 'last-365-days', 'last-28-days', 'last-7-days'];

/** Which time the page tells of: one step back or on, or any month, year or pair of days. */
export function SpanControl({ span, spans, onChoose }: SpanControlProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const earlier = within(stepSpan(span, -1), spans);
  const later = within(stepSpan(span, 1), spans);

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: globalThis.KeyboardEvent) => event.key === 'Escape' && setOpen(false);
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);

  const choose = (next: string) => {
    onChoose(next);
    setOpen(false);
  };

  return (
    <div ref={root} className="relative">
      <div className="flex items-center rounded-round border border-line bg-raised max-sm:justify-between">
        <IconButton label="Earlier" disabled={!earlier} onClick={() => earlier && choose(earlier)}>
          <ChevronLeft size={18} aria-hidden />
        </IconButton>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          aria-label={`Time shown: ${spanLabel(span)}. Change`}
          onClick={() => setOpen(!open)}
          className="flex min-h-11 items-center gap-1.5 px-1 font-medium"
        >
          {spanLabel(span)}
          <ChevronDown size={15} className={cx('text-muted transition-transform', open && 'rotate-180')} aria-hidden />
        </button>
        <IconButton label="Later" disabled={!later} onClick={() => later && choose(later)}>
          <ChevronRight size={18} aria-hidden />
        </IconButton>
      </div>
      {open && (
        <div
          id={id}
          className="absolute right-0 z-30 mt-2 max-h-[70vh] w-[22rem] max-w-[calc(100vw-2.5rem)] animate-arrive overflow-auto rounded-panel border border-line bg-ground p-4 max-sm:left-0 max-sm:w-full"
        >
          <div className="grid grid-cols-2 gap-1">
            {LATELY.map((value) => (
              <Choice key={value} chosen={span === value} onClick={() => choose(value)}>
                {spanLabel(value)}
              </Choice>
            ))}
            {spans?.last_day && (
              <Choice chosen={span === weekOf(spans.last_day)} onClick={() => choose(weekOf(spans.last_day ?? ''))}>
                The last week
              </Choice>
            )}
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
                      label={`${month} ${year}`}
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
  children: React.ReactNode;
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

function FromTo({ span, spans, onChoose }: SpanControlProps) {
  const known = spanDays(span);
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
        Show these days
      </Button>
    </form>
  );
}

/** A neighbour outside the listener's own history leads nowhere. */
function within(span: string | null, spans: Spans | undefined): string | null {
  if (!span) return null;
  const days = spanDays(span);
  if (!days || !spans?.first_day || !spans.last_day) return span;
  return days.last < spans.first_day || days.first > spans.last_day ? null : span;
}
