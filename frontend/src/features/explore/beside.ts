import { isoDay, parseDay } from '@/lib/format';
import type { Unit } from '@/components/charts/ticks';

interface Laid<P> {
  span: { first_day: string; last_day: string };
  points: P[];
}

const DAY_MS = 86_400_000;

/** How far a day or month lies from the beginning of its span, in days or months. */
function offset(start: string, firstDay: string, unit: Unit): number {
  if (unit === 'day') return Math.round((parseDay(start).getTime() - parseDay(firstDay).getTime()) / DAY_MS);
  const months = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return months(start) - months(firstDay);
}

/**
 * For each point of one span the value of the other that lies as far from its beginning: the first month beside the first
 * month. Where the other span has no point there, it is `silent`; after its end and after today it is undefined.
 */
export function laidBeside<P extends { start: string }>(
  unit: Unit,
  { span, points }: Laid<P>,
  other: Laid<P> | null | undefined,
  today: string,
  value: (point: P) => number | undefined,
  silent?: number,
): (number | undefined)[] {
  if (!other) return points.map(() => undefined);
  const there = new Map(other.points.map((point) => [offset(point.start, other.span.first_day, unit), value(point)]));
  const last = offset(other.span.last_day < today ? other.span.last_day : today, other.span.first_day, unit);
  return points.map(({ start }) => {
    const at = offset(start, span.first_day, unit);
    return there.get(at) ?? (at <= last ? silent : undefined);
  });
}

/** Every day or month of a span up to today, also those that the answer left out because they were silent. */
export function dense<P extends { start: string }>(unit: Unit, { span, points }: Laid<P>, today: string, silent: (start: string) => P): P[] {
  const there = new Map(points.map((point) => [point.start, point]));
  const end = span.last_day < today ? span.last_day : today;
  const all: P[] = [];
  const day = parseDay(unit === 'month' ? `${span.first_day.slice(0, 7)}-01` : span.first_day);
  while (isoDay(day) <= end) {
    const start = isoDay(day);
    all.push(there.get(start) ?? silent(start));
    if (unit === 'month') day.setUTCMonth(day.getUTCMonth() + 1);
    else day.setUTCDate(day.getUTCDate() + 1);
  }
  return all;
}
