import { Link } from 'react-router';
import { Told } from './BarList';
import { dayShort, parseDay } from '@/lib/format';

export interface SpanBar {
  key: string;
  name: string;
  to: string;
  firstDay: string;
  lastDay: string;
  told: string;
  /** Where the plays behind it are. */
  behind?: string;
  /** 0..1, how strong. */
  weight: number;
}

interface SpanBarsProps {
  label: string;
  firstDay: string;
  lastDay: string;
  bars: SpanBar[];
}

const DAY_MS = 86_400_000;

/** Stretches of time one below the other, each on its place between the first and the last day of the span. */
export function SpanBars({ label, firstDay, lastDay, bars }: SpanBarsProps) {
  const begin = parseDay(firstDay).getTime();
  const end = parseDay(lastDay).getTime() + DAY_MS;
  const place = (day: string, after = 0) =>
    Math.max(0, Math.min(100, (100 * (parseDay(day).getTime() + after - begin)) / Math.max(DAY_MS, end - begin)));
  return (
    <div>
      <ol aria-label={label} className="space-y-2.5">
        {bars.map((bar) => {
          const left = place(bar.firstDay);
          const width = Math.max(0.8, place(bar.lastDay, DAY_MS) - left);
          return (
            <li key={bar.key}>
              <div className="flex items-baseline justify-between gap-3">
                <Link to={bar.to} className="min-w-0 truncate font-medium hover:underline">
                  {bar.name}
                </Link>
                <Told bar={bar} />
              </div>
              <div className="relative mt-1.5 h-2 rounded-round bg-heat-floor" aria-hidden>
                <div
                  className="absolute inset-y-0 rounded-round bg-signal"
                  style={{ left: `${Math.min(left, 99.2)}%`, width: `${width}%`, opacity: 0.45 + 0.55 * bar.weight }}
                />
              </div>
            </li>
          );
        })}
      </ol>
      <p className="mt-2 flex justify-between text-tick text-muted" aria-hidden>
        <span>{dayShort(firstDay)}</span>
        <span>{dayShort(lastDay)}</span>
      </p>
    </div>
  );
}
