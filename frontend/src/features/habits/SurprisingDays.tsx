import { Link } from 'react-router';
import { useGetSpans, useReadPastDays } from '@/api/generated';
import type { SurprisingDay } from '@/api/generated/model';
import { ModelNote } from '@/components/listening/ModelNote';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Skeleton } from '@/components/ui/States';
import { Tabs } from '@/components/ui/Tabs';
import { dayLong, dayShort } from '@/lib/format';
import { useParam } from '@/lib/useParam';

const LATELY = 'lately';

/** Days that no habit explains: of the last weeks, which the page knows already, or of any year. */
export function SurprisingDays({ days }: { days: SurprisingDay[] }) {
  const [year, chooseYear] = useParam('year');
  const span = year && /^\d{4}$/.test(year) ? year : LATELY;
  const lately = span === LATELY;
  const known = useGetSpans().data?.years ?? [];
  const years = lately || known.includes(span) ? known : [...known, span].sort();
  const options = [
    { value: LATELY, label: 'Lately' },
    ...[...years].reverse().map((year) => ({ value: year, label: year })),
  ];
  const past = useReadPastDays({ span }, { query: { enabled: !lately } });
  const ofYear = past.data ? headline(past.data.days, `in ${span}`) : `The days of ${span} that broke the pattern`;
  return (
    <Panel title={lately ? headline(days, 'lately') : ofYear}>
      <Tabs label="Which days" options={options} value={span} onChange={(chosen) => chooseYear(chosen === LATELY ? null : chosen)} className="mb-2" />
      {lately ? (
        <Days days={days} />
      ) : (
        <QueryView query={past} what={`look through ${span}`} skeleton={<Skeleton className="h-64 w-full" />}>
          {(data) => (
            <>
              <Days days={data.days} />
              <div className="mt-4">
                <ModelNote model={data.model} />
              </div>
            </>
          )}
        </QueryView>
      )}
    </Panel>
  );
}

function headline(days: SurprisingDay[], when: string): string {
  const first = days[0];
  return first ? `${dayShort(first.day)} was the day least like you ${when}` : `No day stands out ${when}`;
}

function Days({ days }: { days: SurprisingDay[] }) {
  if (days.length === 0) return <p className="text-muted">Your days were as one would expect of you.</p>;
  return (
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
  );
}
