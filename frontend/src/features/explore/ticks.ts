import { MONTHS } from '@/lib/format';

const FEWEST = 8;
const MONTHS_WITHOUT_YEARS = 15;

/** Names under a time axis: days, months, or years at their first month where months would be too many. */
export function ticksOf(starts: string[], unit: 'day' | 'month'): string[] {
  const every = Math.ceil(starts.length / FEWEST);
  if (unit === 'day') return starts.map((start, index) => (index % every === 0 ? String(Number(start.slice(8, 10))) : ''));
  if (starts.length > MONTHS_WITHOUT_YEARS) {
    return starts.map((start, index) => (start.slice(0, 4) !== starts[index - 1]?.slice(0, 4) && start.slice(5, 7) === '01' ? start.slice(0, 4) : ''));
  }
  return starts.map((start, index) => (index % every === 0 ? (MONTHS[Number(start.slice(5, 7)) - 1] ?? '').slice(0, 3) : ''));
}

/** Starts of a list that holds only some of them are days where two of them share a month. */
export function unitOf(starts: string[]): 'day' | 'month' {
  return starts.every((start) => start.endsWith('-01')) ? 'month' : 'day';
}
