import { styleHue } from '@/lib/colours';
import { cx } from './classes';

/** A person as a small disc in their own hue, with the first letter on the label. */
export function Avatar({ handle, name, className }: { handle: string; name: string; className?: string }) {
  return (
    <svg viewBox="0 0 40 40" className={cx('shrink-0', className ?? 'size-10')} aria-hidden>
      <g style={{ color: `oklch(var(--style-lightness) var(--style-chroma) ${styleHue(handle)})` }}>
        <circle cx={20} cy={20} r={19} fill="none" stroke="currentColor" strokeWidth={1.4} opacity={0.55} />
        <circle cx={20} cy={20} r={16} fill="none" stroke="currentColor" strokeWidth={1} opacity={0.4} />
        <circle cx={20} cy={20} r={13} fill="currentColor" />
      </g>
      <text x={20} y={25} textAnchor="middle" fontSize={14} fontWeight={650} fill="var(--ground)">
        {(name || handle).trim().charAt(0).toUpperCase()}
      </text>
    </svg>
  );
}
