/** Figures are tabular: a 1 is as wide as any other. */
const FIGURE = /\d/;
const NARROW = /[.,:;'’\s!|ijlfIt]/;
const BROAD = /[%mwMW@&]/;
/** East Asian letters and pictures fill a square. */
const SQUARE = /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}|[\u{20000}-\u{3fffd}]/u;
/** Drawn on the letter before: marks, joiners, skin tones. */
const NO_ROOM = /[\p{M}\p{Cf}\p{Emoji_Modifier}]/u;

function letterInEm(letter: string): number {
  if (FIGURE.test(letter)) return 0.46;
  if (NARROW.test(letter)) return 0.27;
  if (BROAD.test(letter)) return 0.74;
  if (NO_ROOM.test(letter)) return 0;
  return SQUARE.test(letter) ? 1 : 0.49;
}

/** About how wide a text is in the display face, in em; good enough to choose a size by. */
export function widthInEm(text: string): number {
  return [...text].reduce((sum, letter) => sum + letterInEm(letter), 0);
}
