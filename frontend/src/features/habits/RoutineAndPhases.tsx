import type { HabitPatterns, PatternMonth } from '@/api/generated/model';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { Columns } from '@/components/charts/Columns';
import { SpanBars } from '@/components/charts/SpanBars';
import { yearTicks } from '@/components/charts/ticks';
import { Panel } from '@/components/ui/Panel';
import { count, dayShort, monthLong, percent, plural } from '@/lib/format';

/** How much of each month was routine, and which artists took over when. */
export function RoutineAndPhases({ patterns }: { patterns: HabitPatterns }) {
  return (
    <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
      <Routine patterns={patterns} />
      <Phases patterns={patterns} />
    </div>
  );
}

const of = (month: PatternMonth) => month.routine + month.phase + month.new + month.visit;
const share = (part: number, month: PatternMonth) => percent(part / Math.max(1, of(month)));

function Routine({ patterns: { months, told } }: { patterns: HabitPatterns }) {
  if (months.length === 0) {
    return (
      <Panel title="Routine shows after twelve weeks">
        <p className="text-muted">{told}</p>
      </Panel>
    );
  }
  const years = yearTicks(months.map((month) => month.start));
  const steady = months.reduce((most, month) => (month.routine / of(month) > most.routine / of(most) ? month : most));
  return (
    <ChartFrame
      title={`${monthLong(steady.start)} was your most regular month`}
      note={told}
      table={{
        columns: ['Month', 'Listens', 'Routine', 'Phase', 'New artists', 'Now and then'],
        rows: months.map((month) => [
          monthLong(month.start),
          count(of(month)),
          share(month.routine, month),
          share(month.phase, month),
          share(month.new, month),
          share(month.visit, month),
        ]),
      }}
    >
      <Columns
        label="Share of listens that were routine, month by month"
        columns={months.map((month, index) => ({
          key: month.start,
          tick: years[index] ?? '',
          value: month.routine / of(month),
          lit: month === steady,
          told: `${monthLong(month.start)}: ${share(month.routine, month)} routine, ${share(month.phase, month)} in a phase, ${share(month.new, month)} new artists, ${share(month.visit, month)} now and then.`,
        }))}
        rest="Routine: an artist you heard in at least half of the twelve weeks before. Point at a month to read it."
      />
    </ChartFrame>
  );
}

function Phases({ patterns: { phases, phase_now: now } }: { patterns: HabitPatterns }) {
  const [first] = phases;
  if (!first) {
    return (
      <Panel title="No artist ever took over">
        <p className="text-muted">A phase begins where one artist has a third of everything you hear in a week, and twenty listens at least.</p>
      </Panel>
    );
  }
  // phases overlap: the one that began last may be over while an older one goes on
  const last = phases.reduce((latest, one) => (one.last_day >= latest.last_day ? one : latest), first);
  const name = last.artist?.name ?? '';
  return (
    <Panel
      title={now ? `Since ${dayShort(last.first_day)} you are in a phase: ${name}` : `Your last phase was ${name}`}
      note={now ? undefined : `It began on ${dayShort(last.first_day)} and ended on ${dayShort(last.last_day)}.`}
    >
      <SpanBars
        label="Phases, oldest first"
        firstDay={first.first_day}
        lastDay={last.last_day}
        bars={phases.map((one) => ({
          key: `${one.artist?.id ?? ''} ${one.first_day}`,
          name: one.artist?.name ?? '',
          to: `/artists/${one.artist?.id ?? ''}`,
          firstDay: one.first_day,
          lastDay: one.last_day,
          told: `${plural(one.days, 'day')}, ${percent(one.share)} of all listens`,
          behind: `/history?span=${one.first_day}..${one.last_day}&artist_id=${one.artist?.id ?? ''}`,
          weight: one.share,
        }))}
      />
    </Panel>
  );
}
