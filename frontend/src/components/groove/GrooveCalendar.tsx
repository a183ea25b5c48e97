import { memo, useId, useMemo } from 'react';
import { useReading } from '@/components/charts/useReading';
import { heat, loudness } from '@/lib/colours';
import { dayLong, dayShort, duration, MONTHS, plural, WEEKDAYS } from '@/lib/format';
import { groovePath, layDays, pitch, pointAt, trimmed, type DayValue, type Mark, type Spiral } from './geometry';
import { DISC_RADIUS, LABEL_RADIUS } from './Disc';

interface GrooveCalendarProps {
  days: DayValue[];
  firstDay: string;
  lastDay: string;
  /** Days after it are not silent: they have not been yet. */
  today: string;
  /** What a chosen day does, e.g. go to that day; without it the disc is only looked at. */
  onChoose?: (mark: Mark) => void;
  className?: string;
}

const SPIRAL = { outer: DISC_RADIUS - 8, inner: LABEL_RADIUS + 16 };

/** A span as one groove from the rim inwards: a mark per day, a turn per week, louder days wider and warmer. */
export function GrooveCalendar({ days, firstDay, lastDay, today, onChoose, className }: GrooveCalendarProps) {
  const id = useId();
  const laid = useMemo(() => layDays(days, firstDay, lastDay), [days, firstDay, lastDay]);
  const spiral = useMemo((): Spiral => ({ ...SPIRAL, turns: laid.turns }), [laid]);
  const loud = useMemo(() => loudness(laid.marks.map((mark) => mark.value)), [laid]);
  const width = pitch(spiral);
  const { at: chosen, reader } = useReading({
    count: laid.marks.length,
    move: (from, key) => stepFrom(from, key, laid.unit === 'day' ? 7 : 52),
    under: (left, top, wide) => {
      const [x, y] = [(left / wide - 0.5) * 448, (top / wide - 0.5) * 448];
      let best: number | null = null;
      let distance = 18;
      laid.marks.forEach((mark, index) => {
        const point = pointAt(spiral, (mark.from + mark.to) / 2);
        const away = Math.hypot(point.x - x, point.y - y);
        if (away < distance) [best, distance] = [index, away];
      });
      return best;
    },
    onChoose:
      onChoose &&
      ((place) => {
        const mark = laid.marks[place];
        if (mark && mark.day <= today) onChoose(mark);
      }),
  });
  const current = chosen === null ? null : (laid.marks[chosen] ?? null);

  const told = current ? describe(current, laid.unit, today) : null;
  const needle = current ? pointAt(spiral, (current.from + current.to) / 2) : null;

  return (
    <figure className={className}>
      <svg
        viewBox="-224 -224 448 448"
        {...reader}
        className="w-full touch-pan-y select-none"
        aria-label={`Groove of ${dayShort(firstDay)} to ${dayShort(lastDay)}, one mark per ${laid.unit}. Arrow keys move the arm${onChoose ? ', Enter opens' : ''}.`}
        aria-valuetext={told ? `${told.when}: ${told.what}` : 'no day chosen'}
        aria-describedby={`${id}-told`}
      >
        <circle r={DISC_RADIUS + 4} fill="var(--raised)" stroke="var(--line)" />
        <Marks marks={laid.marks} spiral={spiral} unit={laid.unit} loud={loud} />
        <Around unit={laid.unit} />
        <circle r={LABEL_RADIUS} fill="var(--signal)" />
        <circle r={3.5} fill="var(--ground)" />
        {needle && (
          <g className="pointer-events-none">
            <path d={`M206 -206 L${needle.x} ${needle.y}`} stroke="var(--ink)" strokeWidth={2} strokeLinecap="round" />
            <circle cx={206} cy={-206} r={7} fill="var(--ground)" stroke="var(--ink)" strokeWidth={2} />
            <circle cx={needle.x} cy={needle.y} r={Math.max(5, width * 0.55)} fill="none" stroke="var(--ink)" strokeWidth={2.2} />
          </g>
        )}
      </svg>
      <figcaption id={`${id}-told`} className="mt-3 min-h-12 text-center text-muted">
        {told ? (
          <>
            <span className="text-ink">{told.when}</span>
            <br />
            {told.what}
          </>
        ) : (
          <>
            Read from the rim inwards, one turn a {laid.unit === 'day' ? 'week' : 'year'}.
            <br />
            Warm and wide is where you listened most.
          </>
        )}
      </figcaption>
    </figure>
  );
}

interface MarksProps {
  marks: Mark[];
  spiral: Spiral;
  unit: 'day' | 'week';
  loud: (value: number) => number;
}

/** Drawn once, not with every move of the arm. */
const Marks = memo(function Marks({ marks, spiral, unit, loud }: MarksProps) {
  const width = pitch(spiral);
  return marks.map((mark) => {
    const share = loud(mark.value);
    return (
      <path
        key={mark.day}
        d={groovePath(spiral, ...trimmed(spiral, mark.from, mark.to), unit === 'day' ? 42 : 104)}
        fill="none"
        stroke={heat(share)}
        strokeWidth={Math.min(11, width * (0.3 + 0.48 * share))}
      />
    );
  });
});

/** Along the groove by days (weeks), or across it to the next turn. */
function stepFrom(from: number, key: string, perTurn: number): number | null {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perTurn, ArrowUp: -perTurn };
  return key in steps ? from + (steps[key] ?? 0) : null;
}

/** Weekdays (or months) written once round the rim, where their sector of the groove lies. */
function Around({ unit }: { unit: 'day' | 'week' }) {
  const names = unit === 'day' ? WEEKDAYS.map((name) => name.slice(0, 3)) : MONTHS.map((name) => name.slice(0, 3));
  return (
    <g fill="var(--muted)" fontSize={11} textAnchor="middle" aria-hidden>
      {names.map((name, index) => {
        const middle = ((index + 0.5) / names.length) * 360;
        const flipped = middle > 95 && middle < 265;
        const place = flipped ? `rotate(${middle}) translate(0 -216) rotate(180)` : `rotate(${middle}) translate(0 -210)`;
        return (
          <text key={name} transform={place}>
            {name}
          </text>
        );
      })}
    </g>
  );
}

function describe(mark: Mark, unit: 'day' | 'week', today: string): { when: string; what: string } {
  const when = unit === 'day' ? dayLong(mark.day) : `Week of ${dayShort(mark.day)}`;
  const what = mark.value ? `${plural(mark.value, 'listen')}, ${duration(mark.ms)}` : mark.day > today ? 'Not yet' : 'Silence';
  return { when, what };
}
