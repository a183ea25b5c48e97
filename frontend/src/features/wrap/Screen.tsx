import type { ReactNode } from 'react';
import { cx } from '@/components/ui/classes';
import { isolatedIn } from '@/lib/bidi';
import { widthInEm } from '@/lib/type';

interface ScreenProps {
  /** The sentence before the number. */
  lead: ReactNode;
  /** The one number (or name) of this screen. */
  figure: string;
  /** What the number is. */
  after?: ReactNode;
  picture: ReactNode;
  /** A smaller sentence that ends the screen. */
  note?: ReactNode;
  children?: ReactNode;
}

/** One idea, one number, one picture. Text on top (left on a wide screen), the disc running out of the frame. */
export function Screen({ lead, figure, after, picture, note, children }: ScreenProps) {
  return (
    <div className="relative h-full overflow-hidden bg-ground text-ink">
      <div className="absolute -right-[22vmin] -bottom-[30vmin] w-[118vmin] portrait:-right-[34vw] portrait:-bottom-[22vw] portrait:w-[124vw] small:opacity-40 landscape:top-1/2 landscape:-right-[18vmin] landscape:bottom-auto landscape:w-[100vmin] landscape:-translate-y-1/2">
        {picture}
      </div>
      <div className="relative flex h-full flex-col overflow-y-auto px-6 pt-[clamp(4rem,13dvh,6rem)] pb-4 sm:px-12 landscape:w-[50%] landscape:justify-center-safe landscape:pt-10">
        <div className="@container">
        <h2 className="title max-w-[24ch] animate-arrive">{isolatedIn(lead)}</h2>
        <Figure>{figure}</Figure>
        {after && <p className="title max-w-[28ch] animate-arrive">{isolatedIn(after)}</p>}
        {note && <p className="mt-[min(1rem,2dvh)] max-w-[36ch] animate-arrive text-muted">{isolatedIn(note)}</p>}
        {children}
        </div>
      </div>
    </div>
  );
}

/** In em: a name as wide as eight letters, and any number that a screen tells. */
const ONE_LINE = { name: 4, number: 7 };

/** As large as the column allows: a short figure fills its width on one line, a long name breaks between words. */
export function Figure({ children }: { children: string }) {
  const oneLine = widthInEm(children) <= (/^\d/.test(children) ? ONE_LINE.number : ONE_LINE.name);
  const longest = Math.max(...(oneLine ? [children] : children.split(' ')).map(widthInEm), 1.4);
  const tallest = oneLine ? 34 : Math.max(11, 40 / Math.ceil(children.length / 9));
  return (
    <p
      className={cx('display my-[min(0.75rem,1.5dvh)] animate-arrive leading-[0.84]', oneLine && 'whitespace-nowrap', /\d,\d/.test(children) && 'tracking-normal')}
      style={{ fontSize: `max(min(2.75rem, 12dvh), min(calc(97cqw / ${longest}), ${tallest}dvh * var(--room, 1), 17rem))` }}
    >
      {children}
    </p>
  );
}
