import { styleColour } from '@/lib/colours';
import { cx } from '@/components/ui/classes';

/** Stands where a cover would: rings whose spacing and hue come from the name, so that the same name looks the same. */
export function SleeveMark({ name, className }: { name: string; className?: string | undefined }) {
  const letters = [...name];
  const rings = Array.from({ length: 4 }, (_, index) => {
    const code = letters[index % Math.max(1, letters.length)]?.codePointAt(0) ?? 64;
    return { radius: 6.5 + index * 3.6 + (code % 3) * 0.5, width: 0.8 + (code % 5) * 0.45 };
  });
  return (
    <svg viewBox="-21 -21 42 42" className={cx('shrink-0', className ?? 'size-10')} aria-hidden>
      <circle r={20} fill="var(--raised)" stroke="var(--line)" />
      {rings.map((ring, index) => (
        <circle key={index} r={ring.radius} fill="none" stroke={styleColour(name)} strokeWidth={ring.width} opacity={0.9 - index * 0.14} />
      ))}
      <circle r={3} fill={styleColour(name)} />
    </svg>
  );
}
