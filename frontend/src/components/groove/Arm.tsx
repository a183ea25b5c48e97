export const ARM_PIVOT = { x: 232, y: -176 };
export const ARM_LENGTH = 272;
/** Frame of a disc with its arm beside it. */
export const ARM_VIEW = '-212 -212 470 424';
/** Hanging beside the disc, not touching it. */
export const ARM_AT_REST = 93;

/** The tonearm, turned to `angle` degrees about its pivot (0 points right). */
export function Arm({ angle }: { angle: number }) {
  return (
    <g
      style={{
        transform: `translate(${ARM_PIVOT.x}px, ${ARM_PIVOT.y}px) rotate(${angle}deg)`,
        transition: 'transform 400ms linear',
      }}
    >
      <path d={`M-30 0 H${ARM_LENGTH - 14}`} stroke="var(--ink)" strokeWidth={3.5} strokeLinecap="round" />
      <path d={`M${ARM_LENGTH - 18} 0 H${ARM_LENGTH}`} stroke="var(--signal)" strokeWidth={8} strokeLinecap="round" />
      <circle r={11} fill="var(--ground)" stroke="var(--ink)" strokeWidth={3} />
    </g>
  );
}
