/** A clock on the wall of some zone, and the instant it shows. Fields read and write `YYYY-MM-DDTHH:MM:SS`. */

/** One per zone: it is slow to make, and a long list reads it for every row. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  clocks.set(timeZone, clock);
  return clock;
}

function parts(instant: number, timeZone: string): string {
  const told = clockOf(timeZone).formatToParts(new Date(instant));
  const of = (type: string) => told.find((part) => part.type === type)?.value ?? '00';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}`;
}

/** What the clock shows at this instant. */
export function onTheClock(instant: string, timeZone = 'UTC'): string {
  return parts(Math.floor(new Date(instant).getTime() / 1000) * 1000, timeZone);
}

/** The local day of an instant. */
export function localDay(instant: string, timeZone?: string): string {
  return onTheClock(instant, timeZone).slice(0, 10);
}

/** The day it is now. */
export function today(timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone): string {
  return localDay(new Date().toISOString(), timeZone);
}

/**
 * The instant at which the clock shows this; null for what no clock shows. An hour that the clock repeats means its
 * first time, one that it leaps over means as much later.
 */
export function instantOf(clock: string, timeZone = 'UTC'): string | null {
  const asUtc = Date.parse(`${clock.length === 16 ? `${clock}:00` : clock}Z`);
  if (Number.isNaN(asUtc)) return null;
  const offset = (at: number) => Date.parse(`${parts(at, timeZone)}Z`) - at;
  const before = asUtc - offset(asUtc - 86_400_000);
  const after = asUtc - offset(asUtc + 86_400_000);
  const fits = [before, after].filter((at) => at + offset(at) === asUtc);
  return new Date(fits.length ? Math.min(...fits) : before).toISOString();
}
