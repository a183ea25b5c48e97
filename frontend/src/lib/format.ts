import { localDay } from './zone';

const LOCALE = 'en-GB';

/** Keeps a number and its unit on one line. */
export const NO_BREAK = '\u00a0';

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const count = (value: number): string => whole.format(value);
export const compact = (value: number): string => short.format(value);

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function times(value: number): string {
  return value === 1 ? 'once' : value === 2 ? 'twice' : `${count(value)} times`;
}

/** "26 %"; "less than 1 %" of what is more than nothing and would be rounded to it. */
export function percent(share: number, digits = 0): string {
  const least = 10 ** -digits;
  if (share > 0 && share * 100 < least) return `less than ${least.toFixed(digits)}${NO_BREAK}%`;
  return `${(share * 100).toFixed(digits)}${NO_BREAK}%`;
}

/** A duration as one would say it: "3 h 12 min", "48 min", "30 s". */
export function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (ms > 0 && ms < 60_000) return `${Math.round(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours >= 100 ? `${count(hours)} h` : `${hours} h ${minutes % 60} min`;
}

/** Length of one track: "3:07". */
export function trackLength(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function bytes(value: number): string {
  if (value < 1_000_000) return `${Math.max(1, Math.round(value / 1000))} kB`;
  return `${(value / 1_000_000).toFixed(value < 10_000_000 ? 1 : 0)} MB`;
}

export function hour(value: number): string {
  return `${String(value).padStart(2, '0')}:00`;
}

/** A calendar day ("2025-05-17") is a date without a zone: it is read and written as UTC so that no zone can shift it. */
export function parseDay(day: string): Date {
  return new Date(`${day.slice(0, 10)}T00:00:00Z`);
}

export function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

export function dayLong(day: string): string {
  return new Intl.DateTimeFormat(LOCALE, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    parseDay(day),
  );
}

export function dayShort(day: string): string {
  return new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    parseDay(day),
  );
}

/** A day of a year that is known: "17 May". */
export function dayOfMonth(day: string): string {
  return new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(parseDay(day));
}

export function monthLong(month: string): string {
  return new Intl.DateTimeFormat(LOCALE, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    parseDay(`${month.slice(0, 7)}-01`),
  );
}

/** A release as exactly as it is known: "2021", "May 2021", "17 May 2021". */
export function releasedIn(released: string): string {
  return released.length === 4 ? released : released.length === 7 ? monthLong(released) : dayShort(released);
}

/** An instant, told in the listener's zone. */
export function moment(instant: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(instant));
}

/** The time of day of an instant, in the listener's zone: "20:15". */
export function clockTime(instant: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(instant));
}

export function dateOf(instant: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(
    new Date(instant),
  );
}

/** The day of an instant in the listener's zone: "17 May 2025", with a short month. */
export function dateShort(instant: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric', timeZone }).format(new Date(instant));
}

const UP_TO_TWELVE = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten', 'Eleven', 'Twelve'];

/** At the beginning of a sentence: "Eight years ago". */
export function yearsAgo(years: number): string {
  return `${UP_TO_TWELVE[years] ?? count(years)} ${years === 1 ? 'year' : 'years'} ago`;
}

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });

/** "3 hours ago", "yesterday" by the calendar of the zone; beyond a month the date itself. */
export function ago(instant: string, timeZone?: string, now: Date = new Date()): string {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1000;
  const past = Math.abs(seconds);
  if (past < 60) return 'just now';
  if (past < 3_600) return relative.format(Math.round(seconds / 60), 'minute');
  if (past < 86_400) return relative.format(Math.round(seconds / 3_600), 'hour');
  if (past >= 30 * 86_400) return dateOf(instant, timeZone);
  const day = (at: string) => parseDay(localDay(at, timeZone)).getTime() / 86_400_000;
  return relative.format(day(instant) - day(now.toISOString()), 'day');
}

/** "12 % more than", "a third less than" kept exact: the change of `now` against `before`, or null when unknowable. */
export function change(now: number, before: number | null | undefined): { share: number; text: string } | null {
  if (!before) return null;
  const share = now / before - 1;
  const rounded = Math.round(Math.abs(share) * 100);
  if (rounded === 0) return { share: 0, text: 'as much as' };
  // beyond three times as much, percents are no longer a picture of anything
  if (share >= 2) return { share, text: `${count(Math.round(now / before))} times as much as` };
  return { share, text: `${count(rounded)}${NO_BREAK}% ${share > 0 ? 'more' : 'less'} than` };
}

/**
 * A time of the week that an hour belongs to: "Thursday nights", "Friday evening" where it is `one`. After midnight it is
 * still the night of the day before to whoever is awake: that is told as "the small hours of Friday".
 */
export function weekTime(weekday: number, value: number, one = false): string {
  const day = WEEKDAYS[weekday] ?? '';
  return isSmall(value) ? `the small hours of ${day}` : `${day} ${partOfDay(value)}${one ? '' : 's'}`;
}

/** The same inside a sentence: "on Thursday nights", "in the small hours of Friday". */
export function duringWeekTime(weekday: number, value: number, one = false): string {
  return `${isSmall(value) ? 'in' : 'on'} ${weekTime(weekday, value, one)}`;
}

const isSmall = (value: number): boolean => value < 5;

function partOfDay(value: number): string {
  if (value >= 22) return 'night';
  if (value < 8) return 'early morning';
  if (value < 12) return 'morning';
  if (value < 17) return 'afternoon';
  return 'evening';
}

export function list(items: string[]): string {
  return new Intl.ListFormat(LOCALE, { type: 'conjunction' }).format(items);
}
