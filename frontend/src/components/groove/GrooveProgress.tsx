import { armAt, groovePath, radiusAt, type Spiral } from './geometry';
import { Arm, ARM_LENGTH, ARM_PIVOT, ARM_VIEW } from './Arm';
import { DISC_RADIUS, LABEL_RADIUS } from './Disc';

interface GrooveProgressProps {
  /** Share of the work that is done, 0..1; null while nobody can know it yet. */
  share: number | null;
  label: string;
  className?: string;
}

const TURNS = 26;
const SPIRAL: Spiral = { outer: DISC_RADIUS - 8, inner: LABEL_RADIUS + 18, turns: TURNS };
const FULL = groovePath(SPIRAL, 0, TURNS);

/** The groove fills as rows land; the arm follows the cut inwards and the disc turns beneath it. */
export function GrooveProgress({ share, label, className }: GrooveProgressProps) {
  const done = Math.max(0, Math.min(1, share ?? 0));
  const turn = turnAfter(done);
  const arm = armAt(ARM_PIVOT, ARM_LENGTH, radiusAt(SPIRAL, turn));
  const needleTurn = Math.atan2(arm.x, -arm.y) / (2 * Math.PI);
  const rotation = (needleTurn - turn) * 360;
  return (
    <svg
      viewBox={ARM_VIEW}
      className={className}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(done * 100)}
    >
      <circle r={DISC_RADIUS + 4} fill="var(--raised)" stroke="var(--line)" />
      <g style={{ transform: `rotate(${rotation}deg)`, transition: 'transform 400ms linear' }}>
        <g className={share === null ? 'origin-[0_0] animate-turn' : undefined}>
          <path d={FULL} fill="none" stroke="var(--line)" strokeWidth={0.8} />
          <path
            d={FULL}
            pathLength={1}
            fill="none"
            stroke="var(--signal)"
            strokeWidth={3}
            strokeDasharray={`${done} 1`}
            style={{ transition: 'stroke-dasharray 400ms linear' }}
          />
        </g>
      </g>
      <circle r={LABEL_RADIUS} fill="var(--ground)" stroke="var(--line)" />
      <text textAnchor="middle" dy="0.36em" fontSize={24} className="display" fill="var(--ink)">
        {share === null ? '…' : `${Math.floor(done * 100)}%`}
      </text>
      <Arm angle={arm.angle} />
    </svg>
  );
}

/** Outer turns are longer: the turn at which `share` of the groove's length lies behind the needle. */
function turnAfter(share: number): number {
  const total = lengthUpTo(TURNS);
  let low = 0;
  let high = TURNS;
  for (let step = 0; step < 24; step += 1) {
    const middle = (low + high) / 2;
    if (lengthUpTo(middle) < share * total) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function lengthUpTo(turn: number): number {
  return 2 * Math.PI * ((SPIRAL.outer * turn) - ((SPIRAL.outer - SPIRAL.inner) * turn ** 2) / (2 * TURNS));
}
