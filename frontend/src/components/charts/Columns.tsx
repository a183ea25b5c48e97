import { scaleBand } from '@visx/scale';
import { ReadingLine } from './ReadingLine';
import { alongALine, useReading } from './useReading';
import { useWidth } from './useWidth';

export interface Column {
  key: string;
  /** Under the axis; empty where none is written. */
  tick: string;
  value: number;
  /** The same of the time compared with. */
  other?: number;
  told: string;
  /** The one the title speaks of. */
  lit?: boolean;
}

interface ColumnsProps {
  label: string;
  columns: Column[];
  rest: string;
  onChoose?: (key: string) => void;
  height?: number;
}

const FLOOR = 24;
const HEAD = 14;
/** A column of a few is not as broad as the page. */
const WIDEST = 84;

/** Upright columns side by side; the time compared with is a blue line across each. Arrow keys read them one by one. */
export function Columns({ label, columns, rest, onChoose, height = 190 }: ColumnsProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const most = Math.max(...columns.flatMap(({ value, other = 0 }) => [value, other]), Number.MIN_VALUE);
  const x = scaleBand({ domain: columns.map((_, index) => index), range: [0, Math.min(width, columns.length * WIDEST)], padding: columns.length > 60 ? 0.1 : 0.22 });
  const tall = (value: number) => (value > 0 ? Math.max(2, ((height - FLOOR - HEAD) * value) / most) : 0);
  const { at, reader } = useReading({
    count: columns.length,
    move: alongALine(columns.length),
    under: (left) => Math.max(0, Math.min(columns.length - 1, Math.floor(left / Math.max(1, x.step())))),
    onChoose: onChoose && ((place) => columns[place] && onChoose(columns[place].key)),
  });
  const current = at === null ? null : columns[at];
  const told = current?.told ?? rest;

  return (
    <div>
      <div ref={ref} style={{ height }}>
        {width > 0 && (
          <svg
            width={width}
            height={height}
            {...reader}
            aria-label={`${label}. Arrow keys read it one by one${onChoose ? ', Enter opens' : ''}.`}
            aria-valuetext={told}
          >
            <line x1={0} x2={width} y1={height - FLOOR} y2={height - FLOOR} stroke="var(--line)" />
            {columns.map((column, index) => {
              const left = x(index) ?? 0;
              const tick = column.tick && (
                <text
                  x={index === 0 ? left : left + x.bandwidth() / 2}
                  y={height - 6}
                  textAnchor={index === 0 ? 'start' : 'middle'}
                  className="fill-muted text-tick"
                >
                  {column.tick}
                </text>
              );
              return (
                <g key={column.key}>
                  <rect
                    x={left}
                    y={height - FLOOR - tall(column.value)}
                    width={x.bandwidth()}
                    height={tall(column.value)}
                    rx={Math.min(3, x.bandwidth() / 3)}
                    fill="var(--signal)"
                    fillOpacity={index === at || column.lit ? 1 : 0.5}
                  />
                  {column.other !== undefined && column.other + column.value > 0 && (
                    <rect
                      x={left - 2}
                      y={height - FLOOR - tall(column.other) - 1.5}
                      width={x.bandwidth() + 4}
                      height={3}
                      rx={1.5}
                      fill="var(--counter-text)"
                    />
                  )}
                  {tick}
                </g>
              );
            })}
          </svg>
        )}
      </div>
      <ReadingLine>{told}</ReadingLine>
    </div>
  );
}
