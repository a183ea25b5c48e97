import type { ReactNode } from 'react';

interface ScreenProps {
  /** The sentence before the number. */
  lead: ReactNode;
  /** The one number (or name) of this screen. */
  figure: string;
  /** What the number is. */
  after?: ReactNode;
  picture: ReactNode;
  children?: ReactNode;
}

/** One idea, one number, one picture. Text on top (left on a wide screen), the disc running out of the frame. */
export function Screen({ lead, figure, after, picture, children }: ScreenProps) {
  return (
    <div className="relative h-full overflow-hidden bg-ground text-ink">
      <div className="absolute -right-[22vmin] -bottom-[30vmin] w-[118vmin] portrait:-right-[34vw] portrait:-bottom-[22vw] portrait:w-[124vw] landscape:top-1/2 landscape:-right-[8vmin] landscape:bottom-auto landscape:w-[104vmin] landscape:-translate-y-1/2">
        {picture}
      </div>
      <div className="relative flex h-full flex-col px-6 pt-24 sm:px-12 landscape:w-[56%] landscape:justify-center landscape:pt-10">
        <p className="title max-w-[22ch] animate-arrive">{lead}</p>
        <Figure>{figure}</Figure>
        {after && <p className="title max-w-[26ch] animate-arrive">{after}</p>}
        {children}
      </div>
    </div>
  );
}

const GLYPH_WIDTH = 0.5;
const SHORT_ENOUGH_FOR_ONE_LINE = 10;

/** As large as its text allows: short figures fill the width, names break onto lines. */
export function Figure({ children }: { children: string }) {
  const longest = Math.max(...children.split(' ').map((word) => word.length), 3);
  const letters = children.length <= SHORT_ENOUGH_FOR_ONE_LINE ? children.length : longest;
  const share = Math.max(3, letters) * GLYPH_WIDTH;
  return (
    <p
      className="display my-3 animate-arrive leading-[0.84]"
      style={{ fontSize: `clamp(3rem, min(calc(88cqw / ${share}), 30vh, ${children.length > 16 ? '8rem' : '15rem'}), 15rem)` }}
    >
      {children}
    </p>
  );
}
