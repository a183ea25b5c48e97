const FRACTIONS: [number, string][] = [
  [1 / 10, 'a tenth'],
  [1 / 5, 'a fifth'],
  [1 / 4, 'a quarter'],
  [3 / 10, 'three tenths'],
  [1 / 3, 'a third'],
  [2 / 5, 'two fifths'],
  [1 / 2, 'half'],
  [3 / 5, 'three fifths'],
  [2 / 3, 'two thirds'],
  [7 / 10, 'seven tenths'],
  [3 / 4, 'three quarters'],
  [4 / 5, 'four fifths'],
  [9 / 10, 'nine tenths'],
];
const JUST = 0.005;

/** A share as one would say it: "two fifths", "about a third", "hardly any". */
export function fraction(share: number): string {
  if (share < 0.05) return 'hardly any';
  if (share > 0.95) return 'nearly all';
  const [value, words] = FRACTIONS.reduce((best, one) => (Math.abs(one[0] - share) < Math.abs(best[0] - share) ? one : best));
  return Math.abs(value - share) <= JUST ? words : `about ${words}`;
}
