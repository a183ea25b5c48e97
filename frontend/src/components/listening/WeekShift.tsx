import type { Cell } from '@/api/generated/model';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { HourGrid, type GridCell } from '@/components/charts/HourGrid';
import { loudness } from '@/lib/colours';
import { capital, hour, percent, WEEKDAYS, weekTime } from '@/lib/format';
import { duringPhrase, spanLabel } from '@/lib/span';

interface WeekShiftProps {
  span: string;
  against: string;
  now: Cell[];
  before: Cell[];
}

/** Where in the week the listening moved: each hour's share of its own time beside the other's. */
export function WeekShift({ span, against, now, before }: WeekShiftProps) {
  const [sumNow, sumBefore] = [now, before].map((cells) => Math.max(1, cells.reduce((sum, cell) => sum + cell.ms_played, 0)));
  const changes = now.map((cell) => {
    const old = before.find((other) => other.weekday === cell.weekday && other.hour === cell.hour);
    return { ...cell, is: cell.ms_played / (sumNow ?? 1), was: (old?.ms_played ?? 0) / (sumBefore ?? 1) };
  });
  // the few largest changes are left out of the scale, so that one hour does not hide the week
  const strength = loudness(changes.map(({ is, was }) => Math.abs(is - was) * 1e6), 0.95);
  const grown = changes.reduce((best, cell) => (cell.is - cell.was > best.is - best.was ? cell : best));
  const grid: GridCell[] = changes.map((cell) => ({
    row: cell.weekday,
    hour: cell.hour,
    share: Math.sign(cell.is - cell.was) * strength(Math.abs(cell.is - cell.was) * 1e6),
    told: `${WEEKDAYS[cell.weekday]}, ${hour(cell.hour)}: ${percent(cell.is, 1)} of the time, ${percent(cell.was, 1)} ${duringPhrase(against)}`,
  }));
  return (
    <ChartFrame
      title={`${capital(weekTime(grown.weekday, grown.hour))} grew most beside ${spanLabel(against)}`}
      table={{
        columns: ['Day', 'Hour', spanLabel(span), spanLabel(against)],
        rows: changes.map((cell) => [WEEKDAYS[cell.weekday] ?? '', hour(cell.hour), percent(cell.is, 1), percent(cell.was, 1)]),
      }}
    >
      <HourGrid
        label={`Shares of the time by weekday and hour, beside ${spanLabel(against)}`}
        rows={WEEKDAYS.map((name) => name.slice(0, 3))}
        cells={grid}
        change
        marked={{ row: grown.weekday, hour: grown.hour }}
        rest={`Warm: more of the time than ${duringPhrase(against)}. Blue: less.`}
      />
    </ChartFrame>
  );
}
