import { ChevronLeft, ChevronRight, Pause, Play, X } from 'lucide-react';
import { useRef, type PointerEvent, type ReactNode } from 'react';
import type { ShownWrap } from '@/api/generated/model';
import { IconButton } from '@/components/ui/Button';
import { cx } from '@/components/ui/classes';
import { wrapHues } from '@/lib/colours';
import { spanNoun } from '@/lib/span';
import { screensOf } from './screens';
import { usePlayer } from './usePlayer';

interface WrapPlayerProps {
  wrap: ShownWrap;
  /** The listener is looking; otherwise somebody who was sent a link. */
  mine: boolean;
  /** The last screen: the card and what can be done with it. */
  ending: ReactNode;
  onClose: () => void;
}

const SECONDS_A_SCREEN = 8;
const HOLD_MS = 220;

/** The wrap as a story: it goes on by itself, a tap or an arrow moves it, holding it down pauses it. */
export function WrapPlayer({ wrap, mine, ending, onClose }: WrapPlayerProps) {
  const screens = [...screensOf(wrap, mine), { key: 'card', name: 'The card', render: () => ending }];
  const { at, paused, setPaused, next, back, isLast } = usePlayer(screens.length, onClose);
  const pressed = useRef(0);
  const held = useRef(false);
  const screen = screens[at] ?? screens[0];
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

  const onPointerDown = () => {
    pressed.current = performance.now();
    held.current = paused;
    setPaused(true);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    setPaused(held.current);
    if (performance.now() - pressed.current > HOLD_MS) return;
    const box = event.currentTarget.getBoundingClientRect();
    if (event.clientX - box.left < box.width * 0.3) back();
    else next();
  };

  return (
    <main
      aria-label={`Wrap of ${spanNoun(wrap.span.text)}`}
      className="wrap-colours fixed inset-0 z-30 bg-ground text-[length:min(var(--text-body),4.4dvh)] select-none [--text-title:min(1.5rem,6dvh)] short:[--room:0.76]"
      style={wrapHues(wrap)}
    >
      <div
        aria-live="polite"
        className={cx('h-full touch-pan-y', at % 2 === 0 ? 'wrap-on-deep' : 'wrap-on-bright')}
        onPointerDown={isLast ? undefined : onPointerDown}
        onPointerUp={isLast ? undefined : onPointerUp}
        onPointerCancel={() => setPaused(held.current)}
      >
        <div key={screen?.key} className="h-full">
          {screen?.render()}
        </div>
      </div>
      <p className="sr-only" role="status">
        {screen?.name}, screen {at + 1} of {screens.length}
      </p>
      <div className={cx('absolute inset-x-0 top-0 px-4 pt-3 sm:px-8', at % 2 === 0 ? 'wrap-on-deep' : 'wrap-on-bright')}>
        <div className="flex gap-1" aria-hidden>
          {screens.map((entry, index) => (
            <span key={entry.key} className="h-1 flex-1 overflow-hidden rounded-round bg-line">
              <span
                className="block h-full origin-left bg-ink"
                onAnimationEnd={next}
                style={
                  index === at && !still && !isLast
                    ? {
                        animation: `fill ${SECONDS_A_SCREEN}s linear both`,
                        animationPlayState: paused ? 'paused' : 'running',
                      }
                    : { transform: `scaleX(${index <= at ? 1 : 0})` }
                }
              />
            </span>
          ))}
        </div>
        <div className="mt-1 -mr-2 flex items-center justify-end text-ink [&_button]:text-ink [&_button:hover]:bg-line">
          {!still && !isLast && (
            <IconButton label={paused ? 'Go on' : 'Pause'} onClick={() => setPaused(!paused)}>
              {paused ? <Play size={18} aria-hidden /> : <Pause size={18} aria-hidden />}
            </IconButton>
          )}
          <IconButton label="Previous screen" onClick={back} disabled={at === 0}>
            <ChevronLeft size={20} aria-hidden />
          </IconButton>
          <IconButton label="Next screen" onClick={next} disabled={isLast}>
            <ChevronRight size={20} aria-hidden />
          </IconButton>
          <IconButton label="Close the wrap" onClick={onClose}>
            <X size={20} aria-hidden />
          </IconButton>
        </div>
      </div>
    </main>
  );
}
