import { useNavigate } from 'react-router';
import type { DayHeard, MonthHeard } from '@/api/generated/model';
import { ticksOf } from '@/components/charts/ticks';
import { Timeline } from '@/components/charts/Timeline';
import { dayLong, monthLong, plural } from '@/lib/format';
import { stepSpan } from '@/lib/span';

interface HeardChartProps {
  months: MonthHeard[];
  /** Told of shorter times only, and then more exact than months. */
  days: DayHeard[];
  /** Whose plays a point opens, as the history's address says it: `artist_id=7`. */
  of: string;
}

/** Listens day by day or month by month; a point opens its plays. Nothing where there is no more than one of them. */
export function HeardChart({ months, days, of }: HeardChartProps) {
  const navigate = useNavigate();
  const unit = days.length > 0 ? 'day' : 'month';
  const points = unit === 'day' ? dense(days.map(({ day, listens }) => [day, listens])) : dense(months.map(({ month, listens }) => [month.slice(0, 7), listens]));
  if (points.length < 2) return null;
  const ticks = ticksOf(points.map(([start]) => start), unit);
  const named = unit === 'day' ? dayLong : monthLong;
  const [top, most] = points.reduce((best, point) => (point[1] > best[1] ? point : best));
  return (
    <Timeline
      label={`Listens per ${unit}`}
      told={(value) => plural(value, 'listen')}
      rest={`Most ${unit === 'day' ? 'on' : 'in'} ${named(top)}, with ${plural(most, 'listen')}.`}
      points={points.map(([start, listens], index) => ({
        key: start,
        tick: ticks[index] ?? '',
        value: listens,
        told: `${named(start)}: ${plural(listens, 'listen')}`,
      }))}
      onChoose={(start) => void navigate(`/history?span=${start}&${of}`)}
    />
  );
}

/** The API tells of times with plays; the silent ones between them belong to the picture too. */
function dense(heard: [start: string, listens: number][]): [start: string, listens: number][] {
  const listens = new Map(heard);
  const known = [...listens.keys()].sort();
  const last = known.at(-1);
  const all: [string, number][] = [];
  for (let start = known[0]; start && last && start <= last; start = stepSpan(start, 1) ?? undefined) {
    all.push([start, listens.get(start) ?? 0]);
  }
  return all;
}
