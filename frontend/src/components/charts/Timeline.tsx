import { curveMonotoneX } from '@visx/curve';
import { scaleLinear, scalePoint } from '@visx/scale';
import { Area, LinePath } from '@visx/shape';
import { ReadingLine } from './ReadingLine';
import { alongALine, useReading } from './useReading';
import { useWidth } from './useWidth';

export interface TimelinePoint {
  key: string;
  /** Short name under the axis; empty where none is written. */
  tick: string;
  value: number;
  /** The same place of the time compared with. */
  other?: number;
  told: string;
}

interface TimelineProps {
  label: string;
  points: TimelinePoint[];
  rest: string;
  onChoose?: (key: string) => void;
  height?: number;
  /** How a value is written, with its unit. */
  told: (value: number) => string;
}

const EDGE = 10;

/** Listening through time, left to right: a hill with its top written on it. Enter or a press opens the chosen point. */
export function Timeline({ label, points, rest, onChoose, height = 220, told }: TimelineProps) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const floor = height - 24;
  const highest = Math.max(...points.flatMap(({ value, other = 0 }) => [value, other]), Number.MIN_VALUE);
  const compared = points.flatMap(({ other }, index) => (other === undefined ? [] : [{ index, other }]));
  const top = points.findIndex((point) => point.value === Math.max(...points.map(({ value }) => value)));
  const x = scalePoint({ domain: points.map((_, index) => index), range: [EDGE, Math.max(width - EDGE, EDGE + 1)] });
  const y = scaleLinear({ domain: [0, highest], range: [floor, 30] });
  const { at, reader } = useReading({
    count: points.length,
    move: alongALine(points.length),
    under: (left, _, wide) => {
      const share = (left - EDGE) / Math.max(1, wide - 2 * EDGE);
      return Math.max(0, Math.min(points.length - 1, Math.round(share * (points.length - 1))));
    },
    onChoose: onChoose && ((place) => points[place] && onChoose(points[place].key)),
  });
  const current = at === null ? null : points[at];

  return (
    <div>
      <div ref={ref} style={{ height }}>
        {width > 0 && (
          <svg
            width={width}
            height={height}
            {...reader}
            aria-label={`${label}. Arrow keys read it point by point${onChoose ? ', Enter opens' : ''}.`}
            aria-valuetext={current?.told ?? rest}
          >
            <line x1={0} x2={width} y1={floor} y2={floor} stroke="var(--line)" />
            <Area
              data={points}
              x={(_, index) => x(index) ?? 0}
              y0={floor}
              y1={(point) => y(point.value)}
              curve={curveMonotoneX}
              fill="var(--signal)"
              fillOpacity={0.14}
            />
            <LinePath
              data={points}
              x={(_, index) => x(index) ?? 0}
              y={(point) => y(point.value)}
              curve={curveMonotoneX}
              stroke="var(--signal)"
              strokeWidth={2}
            />
            {compared.length > 1 && (
              <LinePath
                data={compared}
                x={({ index }) => x(index) ?? 0}
                y={({ other }) => y(other)}
                curve={curveMonotoneX}
                stroke="var(--counter-text)"
                strokeWidth={2}
                strokeDasharray="5 4"
              />
            )}
            {points.map(
              (point, index) =>
                point.tick && (
                  <text
                    key={point.key}
                    x={x(index)}
                    y={height - 6}
                    textAnchor={index === 0 ? 'start' : index === points.length - 1 ? 'end' : 'middle'}
                    className="fill-muted text-tick"
                  >
                    {point.tick}
                  </text>
                ),
            )}
            {top >= 0 && at === null && (
              <text
                x={x(top)}
                y={y(points[top]?.value ?? 0) - 10}
                textAnchor={top < points.length * 0.12 ? 'start' : top > points.length * 0.88 ? 'end' : 'middle'}
                className="fill-ink stroke-ground text-tick"
                strokeWidth={4}
                paintOrder="stroke"
              >
                {told(points[top]?.value ?? 0)}
              </text>
            )}
            {current && at !== null && (
              <g className="pointer-events-none">
                <line x1={x(at)} x2={x(at)} y1={12} y2={floor} stroke="var(--ink)" strokeWidth={1.2} />
                <circle cx={x(at)} cy={y(current.value)} r={5} fill="var(--ground)" stroke="var(--ink)" strokeWidth={2} />
              </g>
            )}
          </svg>
        )}
      </div>
      <ReadingLine>{current?.told ?? rest}</ReadingLine>
    </div>
  );
}
