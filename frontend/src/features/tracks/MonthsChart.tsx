import { useNavigate } from 'react-router';
import type { MonthHeard } from '@/api/generated/model';
import { Timeline } from '@/components/charts/Timeline';
import { count, monthLong, plural } from '@/lib/format';

/** Listens month by month; a month opens that time. */
export function MonthsChart({ months }: { months: MonthHeard[] }) {
  const navigate = useNavigate();
  const top = months.reduce((best, month) => (month.listens > best.listens ? month : best));
  return (
    <Timeline
      label="Listens per month"
      unit="listens"
      rest={`Most in ${monthLong(top.month)}, with ${count(top.listens)}.`}
      points={months.map((month) => ({
        key: month.month,
        tick: month.month.slice(5, 7) === '01' ? month.month.slice(0, 4) : '',
        value: month.listens,
        told: `${monthLong(month.month)}: ${plural(month.listens, 'listen')}`,
      }))}
      onChoose={(month) => void navigate(`/home?span=${month.slice(0, 7)}`)}
    />
  );
}
