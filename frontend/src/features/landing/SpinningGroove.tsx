import { useMemo } from 'react';
import { groovePath, pitch, trimmed, type Spiral } from '@/components/groove/geometry';
import { heat } from '@/lib/colours';

const WEEKS = 44;
const SPIRAL: Spiral = { outer: 480, inner: 150, turns: WEEKS };

/** An ornament: a groove as a year of listening might cut it. It belongs to nobody. */
export function SpinningGroove({ className }: { className?: string }) {
  const marks = useMemo(
    () =>
      Array.from({ length: WEEKS * 7 }, (_, day) => {
        const season = 0.5 + 0.5 * Math.sin(day / 41);
        const week = [0.35, 0.3, 0.45, 1, 0.7, 0.5, 0.2][day % 7] ?? 0;
        const chance = Math.abs(Math.sin(day * 12.9898) * 43758.5453) % 1;
        return chance < 0.12 ? 0 : Math.min(1, season * week * (0.5 + chance));
      }),
    [],
  );
  const width = pitch(SPIRAL);
  return (
    <svg viewBox="-500 -500 1000 1000" className={className} aria-hidden>
      <circle r={492} fill="none" stroke="var(--line)" />
      <g className="origin-[0_0] animate-turn">
        {marks.map((share, day) => (
          <path
            key={day}
            d={groovePath(SPIRAL, ...trimmed(SPIRAL, day / 7, (day + 1) / 7, 2), 42)}
            fill="none"
            stroke={heat(share)}
            strokeWidth={width * (0.26 + 0.5 * share)}
          />
        ))}
      </g>
      <circle r={104} fill="var(--signal)" />
      <circle r={9} fill="var(--ground)" />
    </svg>
  );
}
