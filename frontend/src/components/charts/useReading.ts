import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';

interface ReadingOptions {
  /** How many places there are to read. */
  count: number;
  /** Where the first arrow key lands. */
  start?: number;
  /** The place a key leads to, or null for a key that leads nowhere. */
  move: (from: number, key: string) => number | null;
  /** The place under a point, measured from the upper left corner of the picture; null beside all of them. */
  under: (x: number, y: number, width: number) => number | null;
  onChoose?: (place: number) => void;
}

/**
 * How every chart is read: by arrow keys (Home, End, and Escape to let go), by pointer, and by finger, where a first tap
 * reads and a second one on the same place opens. The chart says where its places are; what is read stands below it.
 */
export function useReading({ count, start = 0, move, under, onChoose }: ReadingOptions) {
  const [at, setAt] = useState<number | null>(null);
  const tapped = useRef<{ before: number | null } | null>(null);
  const within = (place: number) => Math.max(0, Math.min(count - 1, place));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return setAt(null);
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return void (at !== null && onChoose?.(at));
    }
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? count - 1 : move(at ?? start, event.key);
    if (next === null || count === 0) return;
    event.preventDefault();
    setAt(at === null && event.key.startsWith('Arrow') ? within(start) : within(next));
  };
  const placeOf = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return count === 0 ? null : under(event.clientX - box.left, event.clientY - box.top, box.width);
  };

  const reader = {
    role: 'slider',
    tabIndex: 0,
    'aria-valuemin': 0,
    'aria-valuemax': Math.max(0, count - 1),
    'aria-valuenow': at ?? 0,
    onKeyDown,
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => setAt(placeOf(event)),
    onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
      tapped.current = event.pointerType === 'touch' ? { before: at } : null;
      setAt(placeOf(event));
    },
    // a finger that is lifted leaves too, and what it read should stay
    onPointerLeave: (event: PointerEvent<SVGSVGElement>) => event.pointerType !== 'touch' && setAt(null),
    onBlur: () => setAt(null),
    onClick: () => {
      if (at !== null && (!tapped.current || tapped.current.before === at)) onChoose?.(at);
    },
    className: 'touch-pan-y',
    style: { cursor: onChoose && at !== null ? 'pointer' : undefined },
  } as const;
  return { at, reader };
}

/** Places side by side: the arrows go one by one, the page keys a tenth of the way. */
export function alongALine(count: number) {
  const page = Math.max(1, Math.round(count / 10));
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, PageUp: page, PageDown: -page };
  return (from: number, key: string): number | null => (key in steps ? from + (steps[key] ?? 0) : null);
}

/** Places in rows: right and left stay within the row, down and up within the column. */
export function overAGrid(rows: number, columns: number) {
  return (from: number, key: string): number | null => {
    const [row, column] = [Math.floor(from / columns), from % columns];
    const steps: Record<string, [number, number]> = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    const step = steps[key];
    if (!step) return null;
    const within = (value: number, most: number) => Math.max(0, Math.min(most - 1, value));
    return within(row + step[0], rows) * columns + within(column + step[1], columns);
  };
}
