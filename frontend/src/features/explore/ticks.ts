import { MONTHS, parseDay } from '@/lib/format';

const FEWEST = 8;
const MONTHS_WITHOUT_YEARS = 15;

/** Names under a time axis: days, months, or years at their first month where months would be too many. */
export function ticksOf(starts: string[], unit: Unit): string[] {
  const every = Math.ceil(starts.length / FEWEST);
  if (unit === 'day') return starts.map((start, index) => (index % every === 0 ? String(Number(start.slice(8, 10))) : ''));
  if (starts.length > MONTHS_WITHOUT_YEARS) {
    return starts.map((start, index) => (start.slice(0, 4) !== starts[index - 1]?.slice(0, 4) && start.slice(5, 7) === '01' ? start.slice(0, 4) : ''));
  }
  return starts.map((start, index) => (index % every === 0 ? (MONTHS[Number(start.slice(5, 7)) - 1] ?? '').slice(0, 3) : ''));
}

const LONGEST_BY_DAY = 92;

export type Unit = 'day' | 'month';

/** The API tells up to three months by day, and more by month. */
export function unitOf({ first_day: first, last_day: last }: { first_day: string; last_day: string }): Unit {
  return (parseDay(last).getTime() - parseDay(first).getTime()) / 86_400_000 < LONGEST_BY_DAY ? 'day' : 'month';
}
