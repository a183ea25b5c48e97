import { scaleBand } from '@visx/scale';
import { diverging, heat } from '@/lib/colours';
import { hour as hourText } from '@/lib/format';
import { ReadingLine } from './ReadingLine';
import { overAGrid, useReading } from './useReading';
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

const HOURS = 24;
const LEFT = 44;
const TICKS = [0, 6, 12, 18];

/** Rows of 24 hours: the week as it was, or as it is expected. Arrow keys read it cell by cell. */
export function HourGrid({ label, rows, cells, rest, marked, change }: HourGridProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const cellHeight = width < 480 ? 24 : 30;
  const height = rows.length * cellHeight + 22;
  const x = scaleBand({ domain: Array.from({ length: HOURS }, (_, index) => index), range: [LEFT, Math.max(width, 240)], padding: 0.12 });
  const y = scaleBand({ domain: rows.map((_, index) => index), range: [0, rows.length * cellHeight], padding: 0.12 });
  const { at: place, reader } = useReading({
    count: rows.length * HOURS,
    start: marked ? marked.row * HOURS + marked.hour : 0,
    move: overAGrid(rows.length, HOURS),
    under: (left, top, wide) => {
      const hour = Math.floor(((left - LEFT) / (wide - LEFT)) * HOURS);
      const row = Math.floor(top / cellHeight);
      return hour >= 0 && hour < HOURS && row >= 0 && row < rows.length ? row * HOURS + hour : null;
    },
  });
  const at = place === null ? null : { row: Math.floor(place / HOURS), hour: place % HOURS };
  const current = at && cells.find((cell) => cell.row === at.row && cell.hour === at.hour);

  return (
    <div>
      <div ref={ref} style={{ height }}>
        {width > 0 && (
          <svg
            width={width}
            height={height}
            {...reader}
            aria-label={`${label}. Arrow keys read it hour by hour.`}
            aria-valuetext={current?.told ?? rest}
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
      <ReadingLine>{current?.told ?? rest}</ReadingLine>
    </div>
  );
}
