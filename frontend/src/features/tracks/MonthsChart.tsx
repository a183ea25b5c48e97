import { useNavigate } from 'react-router';
import type { MonthHeard } from '@/api/generated/model';
import { stepSpan } from '@/lib/span';
import { yearTicks } from '@/components/charts/ticks';
import { Timeline } from '@/components/charts/Timeline';
import { monthLong, plural } from '@/lib/format';

interface MonthsChartProps {
  months: MonthHeard[];
  /** Whose plays a month opens, as the history's address says it: `artist_id=7`. */
  of: string;
}

/** Listens month by month; a month opens its plays. */
export function MonthsChart({ months: heard, of }: MonthsChartProps) {
  const months = everyMonth(heard);
  const years = yearTicks(months.map(({ month }) => month));
  const navigate = useNavigate();
  const top = months.reduce((best, month) => (month.listens > best.listens ? month : best));
  return (
    <Timeline
      label="Listens per month"
      told={(value) => plural(value, 'listen')}
      rest={`Most in ${monthLong(top.month)}, with ${plural(top.listens, 'listen')}.`}
      points={months.map((month, index) => ({
        key: month.month,
        tick: years[index] ?? '',
        value: month.listens,
        told: `${monthLong(month.month)}: ${plural(month.listens, 'listen')}`,
      }))}
      onChoose={(month) => void navigate(`/history?span=${month.slice(0, 7)}&${of}`)}
    />
  );
}

/** The API tells of months with plays; the silent ones between them belong to the picture too. */
function everyMonth(heard: MonthHeard[]): { month: string; listens: number }[] {
  const listens = new Map(heard.map((entry) => [entry.month.slice(0, 7), entry.listens]));
  const known = [...listens.keys()].sort();
  const last = known.at(-1);
  const all: { month: string; listens: number }[] = [];
  for (let month = known[0]; month && last && month <= last; month = stepSpan(month, 1) ?? undefined) {
    all.push({ month, listens: listens.get(month) ?? 0 });
  }
  return all;
}
