import type { ShownWrapShowsItem } from '@/api/generated/model';
import { list } from '@/lib/format';

/** What a link may show, in the order it is offered. */
export const CHOICES: { value: ShownWrapShowsItem; label: string; short: string }[] = [
  { value: 'name', label: 'Your name', short: 'name' },
  { value: 'amounts', label: 'Minutes and counts', short: 'minutes' },
  { value: 'artists', label: 'Artists', short: 'artists' },
  { value: 'tracks', label: 'Tracks and albums', short: 'tracks' },
  { value: 'days', label: 'Days: the groove, dates', short: 'days' },
  { value: 'hours', label: 'Hours of the day', short: 'hours' },
  { value: 'skips', label: 'What you skip and finish', short: 'skips' },
];

/** When somebody is awake and what they could not stand is told only when they say so. */
export const DEFAULT_CHOICE: ShownWrapShowsItem[] = ['name', 'amounts', 'artists', 'tracks', 'days'];

/** A name alone is no wrap. */
export const ENOUGH: ShownWrapShowsItem[] = ['amounts', 'artists', 'tracks', 'days', 'hours', 'skips'];

export const LIFETIMES = [
  { days: 1, label: 'a day' },
  { days: 7, label: 'a week' },
  { days: 30, label: '30 days' },
  { days: 365, label: 'a year' },
];

export function choiceNames(shows: ShownWrapShowsItem[]): string {
  if (shows.length === CHOICES.length) return 'Everything';
  const names = list(CHOICES.filter(({ value }) => shows.includes(value)).map(({ short }) => short));
  return names.charAt(0).toUpperCase() + names.slice(1);
}
