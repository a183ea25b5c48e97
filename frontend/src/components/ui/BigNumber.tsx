/** Width of a glyph of the display face in em: a comma is narrow, a figure or letter about half an em. */
const WIDE = 0.54;
const NARROW = 0.24;

function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[.,:'\s]/.test(letter) ? NARROW : WIDE), 0);
}

/** One number as large as its container is wide. */
export function BigNumber({ children }: { children: string }) {
  return (
    <span className="@container block">
      <span
        className="display block leading-[0.82] tracking-[-0.02em]"
        style={{ fontSize: `min(calc(96cqw / ${widthOf(children)}), 14rem)` }}
      >
        {children}
      </span>
    </span>
  );
}
