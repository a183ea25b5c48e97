import { dayOfMonth, dayShort, isoDay, monthLong, MONTHS, parseDay } from './format';

interface Days {
  first_day: string;
  last_day: string;
}

/** A span as the API and the URL write it: `all`, `2024`, `2024-05`, `2024-W07`, `2024-05-17`, `a..b` or `last-28-days`. */
export type SpanKind = 'all' | 'year' | 'month' | 'week' | 'day' | 'range' | 'last';

const PATTERNS: [SpanKind, RegExp][] = [
  ['all', /^all$/],
  ['year', /^\d{4}$/],
  ['month', /^\d{4}-(0[1-9]|1[0-2])$/],
  ['week', /^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/],
  ['day', /^\d{4}-\d{2}-\d{2}$/],
  ['range', /^\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}$/],
  ['last', /^last-(7|28|365)-days$/],
];

export function spanKind(span: string): SpanKind | null {
  const kind = PATTERNS.find(([, pattern]) => pattern.test(span))?.[0] ?? null;
  const days = kind === 'day' ? [span] : kind === 'range' ? span.split('..') : [];
  if (kind === 'week' && weekOf(isoDay(mondayOf(span))) !== span) return null;
  return days.every(isDay) ? kind : null;
}

/** Whether the calendar has it: 2024-02-30 looks like a day. */
function isDay(text: string): boolean {
  const date = parseDay(text);
  return !Number.isNaN(date.getTime()) && isoDay(date) === text;
}

/** The span by itself, as a label: "2024", "May 2024", "All time". */
export function spanLabel(span: string): string {
  switch (spanKind(span)) {
    case 'month':
      return monthLong(span);
    case 'week':
      return `Week ${Number(span.slice(6))}, ${span.slice(0, 4)}`;
    case 'day':
      return dayShort(span);
    case 'range': {
      const [from = '', to = ''] = span.split('..');
      return `${dayShort(from)} – ${dayShort(to)}`;
    }
    case 'last':
      return `Last ${span.split('-')[1]} days`;
    case 'all':
      return 'All time';
    default:
      return span;
  }
}

/** The span as the object of a sentence: "the story of 2024", "of the last 28 days", "of all time". */
export function spanNoun(span: string): string {
  switch (spanKind(span)) {
    case 'all':
      return 'all time';
    case 'last':
      return `the last ${span.split('-')[1]} days`;
    case 'week':
      return `week ${Number(span.slice(6))} of ${span.slice(0, 4)}`;
    default:
      return spanLabel(span);
  }
}

interface Told {
  span: Days & { text: string };
  /** The day on which it was counted. */
  told_on?: string | null;
}

/** Whether a span still ran when it was counted. */
export const goesOn = ({ span, told_on: day }: Told): boolean => day != null && day <= span.last_day;

/** The span as far as it was counted: "2026, until 12 Nov" where it still ran; all time always says until when. */
export function keptLabel({ span, told_on: day }: Told): string {
  const label = spanLabel(span.text);
  if (day == null) return label;
  if (span.text === 'all') return `${label}, until ${dayShort(day)}`;
  return day < span.last_day ? `${label}, until ${dayOfMonth(day)}` : label;
}

/** A span that is over, seen from its end: "by the end of 2020", "by 17 May 2020". */
export function byTheEnd({ text, last_day: last }: Days & { text: string }): string {
  return /^(year|month|week)$/.test(spanKind(text) ?? '') ? `by the end of ${spanNoun(text)}` : `by ${dayShort(last)}`;
}

/** The same days under a name that means them for ever: "last-28-days" is another span every day. */
export function lasting({ text, first_day: first, last_day: last }: Days & { text: string }): string {
  return spanKind(text) === 'last' ? `${first}..${last}` : text;
}

/** The span inside a sentence: "in 2024", "on 17 May 2024", "in all". */
export function spanPhrase(span: string): string {
  switch (spanKind(span)) {
    case 'all':
      return 'in all';
    case 'day':
      return `on ${dayShort(span)}`;
    case 'week':
      return `in week ${Number(span.slice(6))} of ${span.slice(0, 4)}`;
    case 'range':
      return `from ${spanLabel(span).replace(' – ', ' to ')}`;
    case 'last':
      return `in the ${spanLabel(span).toLowerCase()}`;
    default:
      return `in ${spanLabel(span)}`;
  }
}

/** When something was so: "in 2023", "over all time". */
export function duringPhrase(span: string): string {
  return spanKind(span) === 'all' ? 'over all time' : spanPhrase(span);
}

/** What came before, inside a comparison: "2023", "April 2024", "the 28 days before". */
export function previousPhrase(span: string): string {
  if (spanKind(span) === 'week') return 'the week before';
  const earlier = stepSpan(span, -1);
  if (earlier && spanKind(span) !== 'day') return spanLabel(earlier);
  if (spanKind(span) === 'day') return 'the day before';
  if (spanKind(span) === 'last') return `the ${span.split('-')[1]} days before`;
  return 'the same time before';
}

/** The same for sums: of a span that still ran, only as many days of the one before are counted. */
export function comparedPhrase(span: Days & { text: string }, compared: Days): string {
  const isPart = parseDay(compared.last_day).getTime() + DAY_MS < parseDay(span.first_day).getTime();
  const before = previousPhrase(span.text);
  return isPart ? `the same days of ${before}` : before;
}

/** A page told for a time: for all of it where none is named. */
export function inSpan(path: string, span: string): string {
  return span === 'all' ? path : `${path}?span=${span}`;
}

export type Part = 'week' | 'month' | 'year';

const FEW_DAYS = 92;

/** The parts in which a span is told: months, of a shorter one weeks; null where it is no more than one of them. */
export function partOf(span: string): Part | null {
  switch (spanKind(span)) {
    case 'day':
    case 'week':
      return null;
    case 'month':
      return 'week';
    case 'last':
      return span === 'last-365-days' ? 'month' : span === 'last-28-days' ? 'week' : null;
    case 'range': {
      const { first, last } = spanDays(span) ?? { first: span, last: span };
      const days = (parseDay(last).getTime() - parseDay(first).getTime()) / DAY_MS;
      return days > FEW_DAYS ? 'month' : days > 7 ? 'week' : null;
    }
    default:
      return 'month';
  }
}

/** The neighbouring span of the same length, or null where there is none. */
export function stepSpan(span: string, by: -1 | 1): string | null {
  switch (spanKind(span)) {
    case 'year':
      return String(Number(span) + by);
    case 'month': {
      const date = parseDay(`${span}-01`);
      date.setUTCMonth(date.getUTCMonth() + by);
      return isoDay(date).slice(0, 7);
    }
    case 'week':
      return weekOf(isoDay(new Date(mondayOf(span).getTime() + by * WEEK_MS)));
    case 'day': {
      const date = parseDay(span);
      date.setUTCDate(date.getUTCDate() + by);
      return isoDay(date);
    }
    default:
      return null;
  }
}

/** First and last day the text itself states; null where only the server knows ("all", "last-…"). */
export function spanDays(span: string): { first: string; last: string } | null {
  switch (spanKind(span)) {
    case 'year':
      return { first: `${span}-01-01`, last: `${span}-12-31` };
    case 'month': {
      const date = parseDay(`${span}-01`);
      date.setUTCMonth(date.getUTCMonth() + 1, 0);
      return { first: `${span}-01`, last: isoDay(date) };
    }
    case 'week': {
      const monday = mondayOf(span);
      return { first: isoDay(monday), last: isoDay(new Date(monday.getTime() + WEEK_MS - DAY_MS)) };
    }
    case 'day':
      return { first: span, last: span };
    case 'range': {
      const [first = '', last = ''] = span.split('..');
      return { first, last };
    }
    default:
      return null;
  }
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** The ISO week (from Monday) that a day lies in, as a span: `2024-W07`. Its year is that of its Thursday. */
export function weekOf(day: string): string {
  const date = parseDay(day);
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * DAY_MS);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${thursday.getUTCFullYear()}-W${String(Math.floor((thursday.getTime() - first) / WEEK_MS) + 1).padStart(2, '0')}`;
}

function mondayOf(week: string): Date {
  const fourth = parseDay(`${week.slice(0, 4)}-01-04`); // always in week 1
  const first = fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * DAY_MS;
  return new Date(first + (Number(week.slice(6)) - 1) * WEEK_MS);
}

export function monthName(month: string): string {
  return MONTHS[Number(month.slice(5, 7)) - 1] ?? month;
}
