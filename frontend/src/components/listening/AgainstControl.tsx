import type { Spans } from '@/api/generated/model';
import { spanKind, spanLabel, stepSpan } from '@/lib/span';

interface AgainstControlProps {
  span: string;
  against: string | null;
  spans: Spans | undefined;
  onChoose: (against: string | null) => void;
}

/** What the span is laid beside: the one before, the same month a year earlier, any year, or all. */
export function AgainstControl({ span, against, spans, onChoose }: AgainstControlProps) {
  const options = [...new Set([...offered(span, spans), ...(against ? [against] : [])])];
  const months = [...(spans?.months ?? [])].reverse().filter((month) => month !== span && !options.includes(month));
  return (
    <label className="flex min-h-11 items-center gap-2 text-muted max-sm:justify-between">
      beside
      <select
        aria-label="Compare with"
        value={against ?? ''}
        onChange={(event) => onChoose(event.target.value || null)}
        className="min-h-11 rounded-round border border-line bg-raised px-4 text-ink max-sm:flex-1"
      >
        <option value="">nothing</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {spanLabel(option)}
          </option>
        ))}
        <optgroup label="Months">
          {months.map((month) => (
            <option key={month} value={month}>
              {spanLabel(month)}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

/** Only times that this history knows. */
export function offered(span: string, spans: Spans | undefined): string[] {
  const before = stepSpan(span, -1);
  const kind = spanKind(span);
  const yearEarlier = kind === 'month' ? `${Number(span.slice(0, 4)) - 1}${span.slice(4)}` : null;
  const years = [...(spans?.years ?? [])].reverse();
  const known = (text: string) =>
    spanKind(text) === 'month' ? (spans?.months.includes(text) ?? false) : spanKind(text) === 'year' ? years.includes(text) : true;
  return [before, yearEarlier, ...years, 'all'].filter((text): text is string => text !== null && text !== span && known(text));
}
