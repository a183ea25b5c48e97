import { MONTHS, parseDay } from '@/lib/format';

/** As many names as stand beside each other under a chart on a phone. */
const MOST = 8;
const MONTHS_WITHOUT_YEARS = 15;

/** Names under a time axis: days, months, or years at their first month where months would be too many. */
export function ticksOf(starts: string[], unit: Unit): string[] {
  const every = Math.ceil(starts.length / MOST);
  if (unit === 'day') return starts.map((start, index) => (index % every === 0 ? String(Number(start.slice(8, 10))) : ''));
  if (starts.length > MONTHS_WITHOUT_YEARS) return yearTicks(starts);
  return starts.map((start, index) => (index % every === 0 ? (MONTHS[Number(start.slice(5, 7)) - 1] ?? '').slice(0, 3) : ''));
}

/**
 * Years under an axis of months, each at its January, and the first at its first month, as far apart as they have room:
 * of many years only every second or third is named.
 */
export function yearTicks(months: string[]): string[] {
  const apart = Math.ceil(months.length / MOST);
  const every = Math.ceil(apart / 12);
  const januaries = months.flatMap((month, index) => (month.slice(5, 7) === '01' ? [index] : []));
  const named = new Set(januaries.filter((_, index) => index % every === 0));
  if ((januaries[0] ?? Infinity) >= apart) named.add(0);
  return months.map((month, index) => (named.has(index) ? month.slice(0, 4) : ''));
}

const LONGEST_BY_DAY = 92;

export type Unit = 'day' | 'month';

/** The API tells up to three months by day, and more by month. */
export function unitOf({ first_day: first, last_day: last }: { first_day: string; last_day: string }): Unit {
  return (parseDay(last).getTime() - parseDay(first).getTime()) / 86_400_000 < LONGEST_BY_DAY ? 'day' : 'month';
}
