import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { Spans } from '@/api/generated/model';
import { IconButton } from '@/components/ui/Button';
import { spanDays, spanLabel, stepSpan, weekOf } from '@/lib/span';
import { SpanMenu } from './SpanMenu';

interface SpanControlProps {
  span: string;
  spans: Spans | undefined;
  onChoose: (span: string) => void;
}

const LATELY = ['all', 'last-365-days', 'last-28-days', 'last-7-days'].map((value) => ({ value, label: spanLabel(value) }));

/** Which time the page tells of: one step back or on, or any month, year or pair of days. */
export function SpanControl({ span, spans, onChoose }: SpanControlProps) {
  const earlier = within(stepSpan(span, -1), spans);
  const later = within(stepSpan(span, 1), spans);
  const lastWeek = spans?.last_day ? [{ value: weekOf(spans.last_day), label: 'The last week' }] : [];
  return (
    <div className="relative flex items-center rounded-round border border-line bg-raised max-sm:justify-between">
      <IconButton label="Earlier" disabled={!earlier} onClick={() => earlier && onChoose(earlier)}>
        <ChevronLeft size={18} aria-hidden />
      </IconButton>
      <SpanMenu
        name="Time shown"
        shown={spanLabel(span)}
        span={span}
        spans={spans}
        quick={[...LATELY, ...lastWeek]}
        onChoose={(next) => next && onChoose(next)}
      />
      <IconButton label="Later" disabled={!later} onClick={() => later && onChoose(later)}>
        <ChevronRight size={18} aria-hidden />
      </IconButton>
    </div>
  );
}

/** A neighbour outside the listener's own history leads nowhere. */
function within(span: string | null, spans: Spans | undefined): string | null {
  if (!span) return null;
  const days = spanDays(span);
  if (!days || !spans?.first_day || !spans.last_day) return span;
  return days.last < spans.first_day || days.first > spans.last_day ? null : span;
}
