const NARROW = /[.,:;'’\s!|ijl1fIt]/;
const BROAD = /[%mwMW@&]/;

/** About how wide a text is in the display face, in em; good enough to choose a size by. */
export function widthInEm(text: string): number {
  return [...text].reduce((sum, letter) => sum + (NARROW.test(letter) ? 0.27 : BROAD.test(letter) ? 0.74 : 0.49), 0);
}
