import { Link } from 'react-router';
import { useGetCalendar, useGetSpans } from '@/api/generated';
import type { DayValue } from '@/components/groove/geometry';
import { MiniGroove } from '@/components/groove/MiniGroove';
import { NothingYet } from '@/components/listening/NothingYet';
import { PageHead } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Skeleton } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { monthName, spanDays } from '@/lib/span';
import { useTitle } from '@/lib/useTitle';

/** All wraps there are, as the records they are: a year and its months on each shelf. */
export function ShelfPage() {
  useTitle('Wraps');
  const spans = useGetSpans();
  const calendar = useGetCalendar({ span: 'all' });
  return (
    <>
      <PageHead title="Your shelf" lead="Each month and each year is a record. Lay one on." />
      <QueryView
        query={spans}
        what="fetch your years"
        empty={(data) => !data.first_day && <NothingYet>Your wraps press themselves as soon as there are plays.</NothingYet>}
      >
        {(data) => (
          <QueryView query={calendar} what="draw your records" skeleton={<Skeleton className="h-80 w-full" />}>
            {({ days }) => (
              <div className="space-y-16">
                {[...data.years].reverse().map((year) => (
                  <Year key={year} year={String(year)} months={data.months} days={days} />
                ))}
              </div>
            )}
          </QueryView>
        )}
      </QueryView>
    </>
  );
}

function Year({ year, months, days }: { year: string; months: string[]; days: DayValue[] }) {
  const own = months.filter((month) => month.startsWith(year));
  const inYear = days.filter((day) => day.day.startsWith(year));
  return (
    <section aria-label={year} className="groove-rule grid gap-x-12 gap-y-6 pt-8 md:grid-cols-[minmax(14rem,18rem)_1fr]">
      <Sleeve span={year} days={inYear} large />
      <ul className="grid grid-cols-3 gap-x-5 gap-y-7 sm:grid-cols-4 xl:grid-cols-6">
        {own.map((month) => (
          <li key={month}>
            <Sleeve span={month} days={inYear.filter((day) => day.day.startsWith(month))} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Sleeve({ span, days, large }: { span: string; days: DayValue[]; large?: boolean }) {
  const known = spanDays(span);
  if (!known) return null;
  const listens = days.reduce((sum, day) => sum + day.listens, 0);
  return (
    <Link to={`/wrap/${span}`} className="group block">
      <span className="sr-only">Wrap of </span>
      <MiniGroove
        days={days}
        firstDay={known.first}
        lastDay={known.last}
        className="w-full transition-transform group-hover:-rotate-12"
      />
      <p className={large ? 'display mt-4 text-display' : 'mt-2 font-medium'}>
        {large ? span : monthName(span)}
        {!large && <span className="sr-only"> {span.slice(0, 4)}</span>}
      </p>
      <p className="text-muted">{plural(listens, 'listen')}</p>
    </Link>
  );
}
