import type { Wrap } from '@/api/generated/model';

const NEEDED = ['span', 'listener', 'totals', 'calendar', 'top_artists', 'top_tracks', 'clock', 'palette'];

/** A wrap kept with a post or a link, as it was on that day; null where it is of a shape this page does not know. */
export function wrapOfSnapshot(snapshot: Record<string, unknown> | null | undefined): Wrap | null {
  if (!snapshot || !NEEDED.every((name) => name in snapshot)) return null;
  return snapshot as unknown as Wrap;
}
