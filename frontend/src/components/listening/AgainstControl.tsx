import type { Spans } from '@/api/generated/model';
import { spanKind, spanLabel, stepSpan } from '@/lib/span';
import { SpanMenu } from './SpanMenu';

interface AgainstControlProps {
  span: string;
  against: string | null;
  spans: Spans | undefined;
  onChoose: (against: string | null) => void;
}

/** What the span is laid beside: nothing, the one before, the same month a year earlier, or any other time. */
export function AgainstControl({ span, against, spans, onChoose }: AgainstControlProps) {
  const quick = [
    { value: null, label: 'Nothing' },
    ...offered(span, spans).map((value) => ({ value, label: spanLabel(value) })),
  ];
  return (
    <div className="relative flex items-center gap-2 rounded-round border border-line bg-raised pr-3 pl-4 max-sm:justify-between">
      <span className="text-muted" aria-hidden>
        beside
      </span>
      <SpanMenu
        name="Compare with"
        shown={against === null ? 'nothing' : spanLabel(against)}
        span={against}
        spans={spans}
        quick={quick}
        onChoose={onChoose}
      />
    </div>
  );
}

/** The likeliest ones, of times that this history knows; every year and month stands below them. */
export function offered(span: string, spans: Spans | undefined): string[] {
  const before = stepSpan(span, -1);
  const yearEarlier = spanKind(span) === 'month' ? `${Number(span.slice(0, 4)) - 1}${span.slice(4)}` : null;
  const known = (text: string) => (spanKind(text) === 'month' ? (spans?.months.includes(text) ?? false) : spanKind(text) !== 'year');
  return [before, yearEarlier, 'all'].filter((text): text is string => text !== null && text !== span && known(text));
}
