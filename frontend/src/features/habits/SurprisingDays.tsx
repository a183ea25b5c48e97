import { Link } from 'react-router';
import type { SurprisingDay } from '@/api/generated/model';
import { Panel } from '@/components/ui/Panel';
import { dayLong, dayShort } from '@/lib/format';

/** Days that no habit explains. */
export function SurprisingDays({ days }: { days: SurprisingDay[] }) {
  const first = days[0];
  return (
    <Panel title={first ? `${dayShort(first.day)} was the day least like you` : 'No day stands out'}>
      <ol>
        {days.map((entry) => (
          <li key={entry.day} className="border-t border-line py-3 first:border-t-0 first:pt-0">
            <Link to={`/home?span=${entry.day}`} className="font-medium hover:underline">
              {dayLong(entry.day)}
            </Link>
            <p className="text-muted">{entry.why}</p>
          </li>
        ))}
      </ol>
      {days.length === 0 && <p className="text-muted">Your days were as one would expect of you.</p>}
    </Panel>
  );
}
