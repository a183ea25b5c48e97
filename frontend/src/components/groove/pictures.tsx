import { arcPath, groovePath, pointAt } from './geometry';
import { DISC_RADIUS, LABEL_RADIUS } from './Disc';

/** Pictures made of the groove alone, for wraps. They are ornaments of a sentence beside them that says it all. */

const VIEW = '-208 -208 416 416';

function Base() {
  return <circle r={DISC_RADIUS + 4} fill="none" stroke="var(--line)" strokeWidth={1.2} />;
}

function Label() {
  return (
    <>
      <circle r={LABEL_RADIUS} fill="var(--signal)" />
      <circle r={4} fill="var(--ground)" />
    </>
  );
}

const inner = LABEL_RADIUS + 14;
const outer = DISC_RADIUS - 6;
export const MOST_RINGS = 60;

/** One ring for each unit, e.g. each whole day spent listening. */
export function Rings({ count, className }: { count: number; className?: string }) {
  const rings = Math.max(1, Math.min(MOST_RINGS, Math.floor(count)));
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      {Array.from({ length: rings }, (_, index) => (
        <circle
          key={index}
          r={outer - ((outer - inner) * index) / Math.max(1, rings - 1)}
          fill="none"
          stroke="var(--signal)"
          strokeOpacity={0.95 - 0.6 * (index / rings)}
          strokeWidth={Math.min(7, ((outer - inner) / rings) * 0.55)}
        />
      ))}
      <Label />
    </svg>
  );
}

export const MOST_MARKS = 900;

/** One short mark for each thing, laid along one groove, e.g. each artist heard. */
export function Marks({ count, className }: { count: number; className?: string }) {
  const marks = Math.max(1, Math.min(MOST_MARKS, count));
  const turns = Math.max(2, Math.ceil(marks / 60));
  const spiral = { outer, inner, turns };
  const width = Math.min(9, ((outer - inner) / turns) * 0.55);
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      {Array.from({ length: marks }, (_, index) => (
        <path
          key={index}
          d={groovePath(spiral, (index * turns) / marks, ((index + 0.62) * turns) / marks, 40)}
          fill="none"
          stroke="var(--signal)"
          strokeOpacity={0.35 + 0.65 * (((index * 7) % 11) / 10)}
          strokeWidth={width}
        />
      ))}
      <Label />
    </svg>
  );
}

/** Bars bent into grooves: the longest goes nearly round, the others in proportion. */
export function Arcs({ values, className }: { values: number[]; className?: string }) {
  const most = Math.max(1, ...values);
  const step = (outer - inner) / Math.max(values.length, 1);
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      {values.map((value, index) => {
        const radius = outer - step * (index + 0.5);
        return (
          <g key={index} fill="none" strokeWidth={step * 0.56} strokeLinecap="round">
            <circle r={radius} stroke="var(--heat-floor)" />
            <path
              d={arcPath(radius, 0, Math.max(0.01, (0.94 * value) / most))}
              stroke="var(--signal)"
              strokeOpacity={index === 0 ? 1 : 0.7}
            />
          </g>
        );
      })}
      <Label />
    </svg>
  );
}

interface DayClockProps {
  hours: number[];
  /** The hours that stand out; without it the warmest one does. */
  lit?: (hour: number) => boolean;
  className?: string;
}

/** Twenty-four hours once round, midnight on top. */
export function DayClock({ hours, lit, className }: DayClockProps) {
  const most = Math.max(...hours, Number.MIN_VALUE);
  const shines = (hour: number, value: number) => (lit ? lit(hour) : value === most);
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      {hours.map((value, hour) => {
        const length = 10 + (outer - inner - 22) * (value / most);
        return (
          <path
            key={hour}
            d={`M0 ${-(inner + 2)} v${-length}`}
            transform={`rotate(${(hour / 24) * 360})`}
            stroke="var(--signal)"
            strokeOpacity={shines(hour, value) ? 1 : 0.42}
            strokeWidth={13}
            strokeLinecap="round"
          />
        );
      })}
      {[0, 6, 12, 18].map((hour) => {
        const angle = (hour / 24) * 2 * Math.PI;
        return (
          <text
            key={hour}
            x={(LABEL_RADIUS - 16) * Math.sin(angle)}
            y={-(LABEL_RADIUS - 16) * Math.cos(angle)}
            dy="0.35em"
            textAnchor="middle"
            fontSize={13}
            fill="var(--ink)"
          >
            {hour}
          </text>
        );
      })}
    </svg>
  );
}

/** The same name always cuts the same record: ring widths follow its letters. */
export function NameDisc({ name, className }: { name: string; className?: string }) {
  const letters = [...name.padEnd(9, name || ' ')].slice(0, 18);
  const step = (outer - inner) / letters.length;
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      {letters.map((letter, index) => {
        const code = letter.codePointAt(0) ?? 64;
        return (
          <circle
            key={index}
            r={outer - step * (index + 0.5)}
            fill="none"
            stroke="var(--signal)"
            strokeOpacity={0.3 + ((code * 3) % 8) / 10}
            strokeWidth={step * (0.12 + ((code * 5) % 9) / 11)}
          />
        );
      })}
      <Label />
    </svg>
  );
}

/** A groove that falls silent and begins again. */
export function Gap({ className }: { className?: string }) {
  const spiral = { outer, inner, turns: 12 };
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      <g fill="none" stroke="var(--signal)" strokeLinecap="round">
        <path d={groovePath(spiral, 0, 3.4)} strokeWidth={4} strokeOpacity={0.65} />
        <path d={groovePath(spiral, 3.4, 9.7)} strokeWidth={1} strokeOpacity={0.25} strokeDasharray="1 7" />
        <path d={groovePath(spiral, 9.7, 12)} strokeWidth={7} />
      </g>
      <Label />
    </svg>
  );
}

/** Two shares of one whole as two grooves, each with the length of its share. */
export function TwoShares({ first, second, className }: { first: number; second: number; className?: string }) {
  const middle = (outer + inner) / 2;
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      <g fill="none" strokeLinecap="round" strokeWidth={34}>
        <circle r={middle + 28} stroke="var(--heat-floor)" />
        <path d={arcPath(middle + 28, 0, Math.max(0.01, Math.min(0.999, first)))} stroke="var(--signal)" />
        <circle r={middle - 28} stroke="var(--heat-floor)" />
        <path
          d={arcPath(middle - 28, 0, Math.max(0.01, Math.min(0.999, second)))}
          stroke="var(--signal)"
          strokeOpacity={0.5}
        />
      </g>
      <Label />
    </svg>
  );
}

interface Stretch {
  /** Where on the groove it lies, 0..1 from the rim. */
  from: number;
  to: number;
  /** The one that stands out. */
  lit: boolean;
}

const PHASE_TURNS = 9;

/** Stretches of one groove, one after another, e.g. who was ahead when; neighbours differ in weight. */
export function Stretches({ stretches, className }: { stretches: Stretch[]; className?: string }) {
  const spiral = { outer, inner, turns: PHASE_TURNS };
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      {stretches.map(({ from, to, lit }, index) => (
        <path
          key={index}
          d={groovePath(spiral, from * PHASE_TURNS + 0.012, Math.max(from * PHASE_TURNS + 0.03, to * PHASE_TURNS - 0.012))}
          fill="none"
          stroke="var(--signal)"
          strokeOpacity={lit ? 1 : index % 2 ? 0.55 : 0.38}
          strokeWidth={lit ? 10 : index % 2 ? 7 : 3.5}
        />
      ))}
      <Label />
    </svg>
  );
}

/** A groove that was loud and dies away. */
export function Fading({ className }: { className?: string }) {
  const turns = 12;
  const spiral = { outer, inner, turns };
  const pieces = 36;
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      {Array.from({ length: pieces }, (_, index) => {
        const left = (1 - index / pieces) ** 2.2;
        return (
          <path
            key={index}
            d={groovePath(spiral, (index * turns) / pieces, ((index + 0.9) * turns) / pieces)}
            fill="none"
            stroke="var(--signal)"
            strokeOpacity={0.12 + 0.88 * left}
            strokeWidth={0.8 + 9 * left}
          />
        );
      })}
      <Label />
    </svg>
  );
}

/** One groove with its first and its last place marked. */
export function BothEnds({ className }: { className?: string }) {
  const spiral = { outer, inner, turns: 14 };
  const ends = [pointAt(spiral, 0.78), pointAt(spiral, 13.7)];
  return (
    <svg viewBox={VIEW} className={className} aria-hidden>
      <Base />
      <path d={groovePath(spiral, 0.78, 13.7)} fill="none" stroke="var(--signal)" strokeOpacity={0.5} strokeWidth={2.4} />
      {ends.map(({ x, y }, index) => (
        <circle key={index} cx={x} cy={y} r={10} fill="var(--ground)" stroke="var(--signal)" strokeWidth={5} />
      ))}
      <Label />
    </svg>
  );
}
