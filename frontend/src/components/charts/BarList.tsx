import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { isolated, isolatedIn } from '@/lib/bidi';

export interface Bar {
  key: string;
  name: string;
  /** Before the name: how it moved. */
  mark?: ReactNode;
  /** After the name, quieter. */
  by?: ReactNode;
  to?: string;
  value: number;
  /** The value in words. */
  told: string;
  /** Where the plays behind the value are. */
  behind?: string;
}

/** The value, leading to the plays behind it where there is a way. */
export function Told({ bar: { name, told, behind } }: { bar: { name: string; told: string; behind?: string } }) {
  return (
    <span className="shrink-0 text-muted">
      {behind ? (
        <Link to={behind} aria-label={`${name}, ${told}: the plays behind it`} className="hover:text-ink hover:underline">
          {told}
        </Link>
      ) : (
        told
      )}
    </span>
  );
}

/** Names with a bar each, longest first: a chart that is a list, so it needs no table. */
export function BarList({ bars, label, most }: { bars: Bar[]; label: string; most?: number }) {
  const longest = most ?? Math.max(...bars.map((bar) => bar.value), Number.MIN_VALUE);
  return (
    <ol aria-label={label} className="space-y-1">
      {bars.map((bar, index) => (
        <li key={bar.key} className="py-1.5">
          <div className="flex items-baseline justify-between gap-3">
            <p className="min-w-0">
              {bar.mark}
              {bar.to ? (
                <Link to={bar.to} className="font-medium hover:underline">
                  {isolated(bar.name)}
                </Link>
              ) : (
                <span className="font-medium">{isolated(bar.name)}</span>
              )}
              {bar.by && <span className="text-muted"> {isolatedIn(bar.by)}</span>}
            </p>
            <Told bar={bar} />
          </div>
          <div className="mt-1.5 h-[3px]" aria-hidden>
            <div
              className={`h-full rounded-round ${index === 0 ? 'bg-signal' : 'bg-muted/50'}`}
              style={{ width: `${Math.max(0.5, (100 * bar.value) / longest)}%` }}
            />
          </div>
        </li>
      ))}
    </ol>
  );
}
