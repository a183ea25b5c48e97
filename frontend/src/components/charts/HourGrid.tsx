import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { scaleBand } from '@visx/scale';
import { diverging, heat } from '@/lib/colours';
import { hour as hourText } from '@/lib/format';
import { useWidth } from './useWidth';

export interface GridCell {
  row: number;
  hour: number;
  /** 0..1, how warm the cell is; −1..1 in a grid that tells of more and less. */
  share: number;
  /** What the reading line says when the arm is on it. */
  told: string;
}

interface HourGridProps {
  label: string;
  rows: string[];
  cells: GridCell[];
  /** Said in the reading line while nothing is chosen. */
  rest: string;
  marked?: { row: number; hour: number } | null;
  /** More is warm and less is blue. */
  change?: boolean;
}

const LEFT = 44;
const TICKS = [0, 6, 12, 18];

/** Rows of 24 hours: the week as it was, or as it is expected. Arrow keys read it cell by cell. */
export function HourGrid({ label, rows, cells, rest, marked, change }: HourGridProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<{ row: number; hour: number } | null>(null);
  const cellHeight = width < 480 ? 24 : 30;
  const height = rows.length * cellHeight + 22;
  const x = scaleBand({ domain: Array.from({ length: 24 }, (_, index) => index), range: [LEFT, Math.max(width, 240)], padding: 0.12 });
  const y = scaleBand({ domain: rows.map((_, index) => index), range: [0, rows.length * cellHeight], padding: 0.12 });
  const current = at && cells.find((cell) => cell.row === at.row && cell.hour === at.hour);

  const onKeyDown = (event: KeyboardEvent) => {
    const move: Record<string, [number, number]> = {
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
    };
    const step = move[event.key];
    if (!step) return;
    event.preventDefault();
    setAt((old) => {
      const from = old ?? marked ?? { row: 0, hour: 0 };
      if (!old) return from;
      return {
        row: Math.max(0, Math.min(rows.length - 1, from.row + step[0])),
        hour: Math.max(0, Math.min(23, from.hour + step[1])),
      };
    });
  };

  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const hour = Math.floor(((event.clientX - box.left - LEFT) / (box.width - LEFT)) * 24);
    const row = Math.floor((event.clientY - box.top) / cellHeight);
    setAt(hour >= 0 && hour < 24 && row >= 0 && row < rows.length ? { row, hour } : null);
  };

  return (
    <div>
      <div ref={ref} style={{ height }}>
        {width > 0 && (
          <svg
            width={width}
            height={height}
            role="slider"
            tabIndex={0}
            aria-label={`${label}. Arrow keys read it hour by hour.`}
            aria-valuemin={0}
            aria-valuemax={rows.length * 24 - 1}
            aria-valuenow={at ? at.row * 24 + at.hour : 0}
            aria-valuetext={current?.told ?? rest}
            onKeyDown={onKeyDown}
            onPointerMove={follow}
            onPointerDown={follow}
            onPointerLeave={() => setAt(null)}
            className="touch-pan-y"
          >
            {rows.map((name, index) => (
              <text key={name} x={0} y={(y(index) ?? 0) + y.bandwidth() / 2} dy="0.35em" className="fill-muted text-tick">
                {name}
              </text>
            ))}
            {cells.map((cell) => (
              <rect
                key={`${cell.row}-${cell.hour}`}
                x={x(cell.hour)}
                y={y(cell.row)}
                width={x.bandwidth()}
                height={y.bandwidth()}
                rx={3}
                fill={change ? diverging(cell.share) : heat(cell.share)}
              />
            ))}
            {[marked, at].map(
              (place, index) =>
                place && (
                  <rect
                    key={index}
                    x={(x(place.hour) ?? 0) - 2}
                    y={(y(place.row) ?? 0) - 2}
                    width={x.bandwidth() + 4}
                    height={y.bandwidth() + 4}
                    rx={5}
                    fill="none"
                    stroke="var(--ink)"
                    strokeWidth={index ? 2 : 1.4}
                  />
                ),
            )}
            {TICKS.map((tick) => (
              <text key={tick} x={x(tick)} y={height - 4} className="fill-muted text-tick">
                {hourText(tick)}
              </text>
            ))}
          </svg>
        )}
      </div>
      <p className="mt-2 min-h-6 text-muted" aria-hidden>
        {current?.told ?? rest}
      </p>
    </div>
  );
}
