import { useMemo } from 'react';
import { heat, loudness } from '@/lib/colours';
import { groovePath, layDays, pitch, trimmed, type DayValue, type Mark } from './geometry';
import { DISC_RADIUS, LABEL_RADIUS } from './Disc';

interface MiniGrooveProps {
  days: DayValue[];
  firstDay: string;
  lastDay: string;
  className?: string;
  turning?: boolean;
  /** Only these marks shine; the others step back. */
  lit?: (mark: Mark) => boolean;
}

/** Where on the clock face (degrees) the first lit mark is turned to: a disc may run out of the frame elsewhere. */
const IN_SIGHT = 285;

/** The same groove as a small ornament: the sleeve of a month or a year. The words beside it carry the meaning. */
export function MiniGroove({ days, firstDay, lastDay, className, turning, lit }: MiniGrooveProps) {
  const laid = useMemo(() => layDays(days, firstDay, lastDay), [days, firstDay, lastDay]);
  const loud = useMemo(() => loudness(laid.marks.map((mark) => mark.value)), [laid]);
  const spiral = { outer: DISC_RADIUS - 6, inner: LABEL_RADIUS + 18, turns: laid.turns };
  const width = pitch(spiral);
  const first = lit && laid.marks.find(lit);
  const shown = first && IN_SIGHT - first.from * 360;
  return (
    <svg viewBox="-206 -206 412 412" className={className} aria-hidden>
      <circle r={DISC_RADIUS + 4} fill="var(--raised)" stroke="var(--line)" strokeWidth={1.5} />
      <g className={turning ? 'origin-[0_0] animate-turn' : undefined} transform={shown ? `rotate(${shown})` : undefined}>
        {laid.marks.map((mark) => {
          const shines = lit?.(mark);
          const share = shines === undefined ? loud(mark.value) : shines ? 1 : loud(mark.value) * 0.22;
          return (
            <path
              key={mark.day}
              d={groovePath(spiral, ...trimmed(spiral, mark.from, mark.to, 1.4), laid.unit === 'day' ? 28 : 60)}
              fill="none"
              stroke={heat(share)}
              strokeWidth={shines ? Math.max(5, width * 0.9) : Math.min(15, width * (0.34 + 0.5 * share))}
            />
          );
        })}
      </g>
      <circle r={LABEL_RADIUS} fill="var(--signal)" />
      <circle r={5} fill="var(--ground)" />
    </svg>
  );
}
