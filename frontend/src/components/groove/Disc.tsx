import type { ReactNode } from 'react';
import { Arm, ARM_AT_REST, ARM_VIEW } from './Arm';

export const DISC_RADIUS = 200;
export const LABEL_RADIUS = 46;

interface DiscProps {
  children?: ReactNode;
  /** Words for those who do not see the picture; without them the disc is an ornament. */
  label?: string;
  turning?: boolean;
  grooves?: number;
  className?: string;
}

/** The body of a record: rim, fine uncut rings, label and hole. Children are drawn on its playing side. */
export function Disc({ children, label, turning = false, grooves = 0, className }: DiscProps) {
  const rings = Array.from(
    { length: grooves },
    (_, index) => LABEL_RADIUS + 14 + ((DISC_RADIUS - 14 - LABEL_RADIUS - 14) * index) / Math.max(grooves - 1, 1),
  );
  return (
    <svg
      viewBox="-208 -208 416 416"
      className={className}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      <circle r={DISC_RADIUS + 4} fill="var(--raised)" stroke="var(--line)" />
      <g className={turning ? 'origin-[0_0] animate-turn' : undefined}>
        {rings.map((radius) => (
          <circle key={radius} r={radius} fill="none" stroke="var(--line)" strokeWidth={0.8} />
        ))}
        {children}
      </g>
      <circle r={LABEL_RADIUS} fill="none" stroke="var(--line)" />
      <circle r={3.5} fill="var(--ink)" />
    </svg>
  );
}

/** Nothing cut yet and the arm at rest: what every empty page shows. */
export function UncutDisc({ className }: { className?: string }) {
  return (
    <svg viewBox={ARM_VIEW} className={className} aria-hidden>
      <circle r={DISC_RADIUS + 4} fill="var(--raised)" stroke="var(--line)" />
      {[DISC_RADIUS - 8, DISC_RADIUS - 13, LABEL_RADIUS + 20, LABEL_RADIUS + 14].map((radius) => (
        <circle key={radius} r={radius} fill="none" stroke="var(--line)" strokeWidth={0.9} />
      ))}
      <circle r={LABEL_RADIUS} fill="var(--ground)" stroke="var(--line)" />
      <circle r={3.5} fill="var(--muted)" />
      <Arm angle={ARM_AT_REST} />
    </svg>
  );
}
