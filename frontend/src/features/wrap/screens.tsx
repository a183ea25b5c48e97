import type { ShownWrap } from '@/api/generated/model';
import { began, comeback, endings, found, streak } from './chaptersOfLife';
import { albums, artist, artists, minutes, opening, track, tracks, variety } from './chaptersOfMuch';
import { clock, longestDay, obsession, phases, quiet, strangeDay } from './chaptersOfTime';
import type { Chapter, WrapScreen } from './story';

/** In the order of the story. */
const CHAPTERS = {
  opening,
  minutes,
  artist,
  artists,
  phases,
  track,
  tracks,
  albums,
  obsession,
  found,
  comeback,
  quiet,
  clock,
  strangeDay,
  longestDay,
  variety,
  streak,
  endings,
  began,
} satisfies Record<string, Chapter>;

type Key = keyof typeof CHAPTERS;

/** Which are told first when there are more than fit: what nobody else would tell comes before what anybody counts. */
const BY_WORTH: Key[] = [
  ...(['opening', 'minutes', 'artist', 'tracks', 'phases', 'obsession', 'comeback', 'found', 'endings'] as const),
  ...(['strangeDay', 'clock', 'quiet', 'artists', 'albums', 'began', 'streak', 'longestDay', 'track', 'variety'] as const),
];

export const MOST_BEFORE_THE_CARD = 13;

/** The story of a wrap, screen by screen; what there is nothing to say about is left out. The card is added last. */
export function screensOf(wrap: ShownWrap, mine: boolean): WrapScreen[] {
  const told = new Map<Key, WrapScreen>();
  for (const key of BY_WORTH) {
    if (told.size === MOST_BEFORE_THE_CARD) break;
    // the list of tracks says already which one came first
    if (key === 'track' && told.has('tracks')) continue;
    const screen = CHAPTERS[key](wrap, mine);
    if (screen) told.set(key, { key, ...screen });
  }
  const inOrder = Object.keys(CHAPTERS) as Key[];
  return inOrder.flatMap((key) => told.get(key) ?? []);
}
