import { useGetClock } from '@/api/generated';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { HourGrid, type GridCell } from '@/components/charts/HourGrid';
import { QueryView } from '@/components/ui/QueryView';
import { Panel } from '@/components/ui/Panel';
import { loudness } from '@/lib/colours';
import { duration, duringWeekTime, hour, plural, WEEKDAYS } from '@/lib/format';
import { spanKind } from '@/lib/span';

import { WeekShift } from './WeekShift';

/** Listens in one hour from which on it is more than chance. */
const A_HABIT = 3;

/** Hour by weekday: when in the week the music is on. */
export function WeekClock({ span, against = null }: { span: string; against?: string | null }) {
  const clock = useGetClock({ span });
  const other = useGetClock({ span: against ?? span }, { query: { enabled: against !== null } });
  if (against !== null && clock.data?.peak && other.data?.peak) {
    return <WeekShift span={span} against={against} now={clock.data.cells} before={other.data.cells} />;
  }
  return (
    <QueryView
      query={clock}
      what="read the hours of your week"
      empty={(data) =>
        !data.peak && (
          <Panel title="No hours to show">
            <p className="text-muted">Nothing was played long enough in this time.</p>
          </Panel>
        )
      }
    >
      {({ cells, peak }) => {
        const loud = loudness(cells.map((cell) => cell.ms_played), 1);
        const day = WEEKDAYS[peak?.weekday ?? 0];
        const loudest = cells.find((cell) => cell.weekday === peak?.weekday && cell.hour === peak.hour);
        const grid: GridCell[] = cells.map((cell) => ({
          row: cell.weekday,
          hour: cell.hour,
          share: loud(cell.ms_played),
          told: `${WEEKDAYS[cell.weekday]}, ${hour(cell.hour)} to ${hour((cell.hour + 1) % 24)}: ${plural(cell.listens, 'listen')}, ${duration(cell.ms_played)}`,
        }));
        return (
          <ChartFrame
            title={
              (loudest?.listens ?? 0) < A_HABIT
                ? 'When the music was on'
                : spanKind(span) === 'day'
                ? `The music was on most at ${hour(peak?.hour ?? 0)}`
                : `You listen most ${duringWeekTime(peak?.weekday ?? 0, peak?.hour ?? 0)}`
            }
            table={{
              columns: ['Hour', ...WEEKDAYS.map((name) => name.slice(0, 3))],
              rows: Array.from({ length: 24 }, (_, at) => [
                hour(at),
                ...WEEKDAYS.map((_, row) => duration(cells.find((cell) => cell.weekday === row && cell.hour === at)?.ms_played ?? 0)),
              ]),
            }}
          >
            <HourGrid
              label="Time listened by weekday and hour"
              rows={WEEKDAYS.map((name) => name.slice(0, 3))}
              cells={grid}
              marked={peak ? { row: peak.weekday, hour: peak.hour } : null}
              rest={`The framed hour is the warmest: ${day}, ${hour(peak?.hour ?? 0)}.`}
            />
          </ChartFrame>
        );
      }}
    </QueryView>
  );
}
