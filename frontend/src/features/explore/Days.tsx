import { useGetCalendar, useGetTotals } from '@/api/generated';
import type { Day } from '@/api/generated/model';
import { CalendarHeat } from '@/components/charts/CalendarHeat';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { QueryView } from '@/components/ui/QueryView';
import { Skeleton } from '@/components/ui/States';
import { capital, count, dayLong, duration, parseDay, plural } from '@/lib/format';
import { duringPhrase } from '@/lib/span';
import { useToday } from '@/lib/useZone';

interface DaysProps {
  span: string;
  against: string | null;
  onChoose: (day: string) => void;
}

const DAY_MS = 86_400_000;

/** Every day of the span, and how many of them had music. */
export function Days({ span, against, onChoose }: DaysProps) {
  const other = useGetTotals({ span: against ?? span }, { query: { enabled: against !== null } });
  const calendar = useGetCalendar({ span });
  const today = useToday();
  const known = useGetTotals({ span }).data?.span;
  return (
    <QueryView query={calendar} what="lay out your days" skeleton={<Skeleton className="h-44 w-full" />}>
      {({ days }) => {
        if (!known || known.first_day === known.last_day) return null;
        const last = known.last_day > today ? today : known.last_day;
        const past = Math.round((parseDay(last).getTime() - parseDay(known.first_day).getTime()) / DAY_MS) + 1;
        const heard = days.filter((day) => day.listens > 0);
        const loudest = heard.reduce<Day | null>((best, day) => (best && best.ms_played >= day.ms_played ? best : day), null);
        return (
          <ChartFrame
            title={`There was music on ${count(heard.length)} of ${plural(past, 'day')}`}
            note={
              <>
                {loudest && `Longest on ${dayLong(loudest.day)}: ${duration(loudest.ms_played)}.`}
                {against && other.data && ` ${capital(duringPhrase(against))} it was on ${plural(other.data.days_active, 'day')}.`}
              </>
            }
            table={{
              columns: ['Day', 'Listens', 'Time'],
              rows: [...heard].reverse().map((day) => [dayLong(day.day), count(day.listens), duration(day.ms_played)]),
            }}
          >
            <CalendarHeat
              days={days}
              firstDay={known.first_day}
              lastDay={last}
              onChoose={onChoose}
              rest="A square is a day, a column a week; press one to open it."
            />
          </ChartFrame>
        );
      }}
    </QueryView>
  );
}
