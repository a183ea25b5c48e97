import type { ForecastHour } from '@/api/generated/model';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { HourGrid, type GridCell } from '@/components/charts/HourGrid';
import { dateShort, dayLong, duringWeekTime, hour, percent, WEEKDAYS } from '@/lib/format';
import { useZone } from '@/lib/useZone';

const EVEN_CHANCE = 0.5;

/**
 * The next seven days, hour by hour: how likely it is that the music is on. Where the history `ended` long ago, the seven
 * days after that.
 */
export function ComingWeek({ forecast, ended }: { forecast: ForecastHour[]; ended: string | null }) {
  const zone = useZone();
  const rows = rowsOf(forecast, !ended);
  const best = forecast.reduce((most, cell) => (cell.probability > most.probability ? cell : most));
  const expected = forecast.reduce((sum, cell) => sum + cell.probability, 0);
  const likely = forecast.filter((cell) => cell.probability >= EVEN_CHANCE).length;
  const cells: GridCell[] = rows.flatMap(({ hours }, row) =>
    hours.map((cell) => ({
      row,
      hour: cell.local_hour,
      share: best.probability > 0 ? cell.probability / best.probability : 0,
      told: `${WEEKDAYS[cell.weekday]}, ${hour(cell.local_hour)}: ${percent(cell.probability)} likely that you listen`,
    })),
  );
  return (
    <ChartFrame
      title={`The next music ${ended ? 'was' : 'is'} likeliest ${duringWeekTime(best.weekday, best.local_hour, true)}, ${percent(best.probability)} sure`}
      note={
        ended
          ? `Your history ends on ${dayLong(ended)}. This is the week after it, as it looked from there.`
          : likely > 0
          ? `${likely} of the coming 168 hours ${likely === 1 ? 'is' : 'are'} more likely with music than without.`
          : `Some ${Math.round(expected)} of the coming 168 hours should have music in them; none is likelier with than without.`
      }
      table={{
        columns: ['Hour', 'Chance'],
        rows: forecast.map((cell) => [
          `${dateShort(cell.start, zone)}, ${WEEKDAYS[cell.weekday]} ${hour(cell.local_hour)}`,
          percent(cell.probability),
        ]),
      }}
    >
      <HourGrid
        label="Chance of listening in each hour of the coming week"
        rows={rows.map((row) => row.name)}
        cells={cells}
        marked={{ row: rows.findIndex(({ hours }) => hours.includes(best)), hour: best.local_hour }}
        rest={`The framed hour is the likeliest, ${percent(best.probability)}; the fainter, the less likely. Point at an hour to read it.`}
      />
    </ChartFrame>
  );
}

/** 168 hours begin in the middle of a day, so they touch eight local days; hours already over stay blank. */
function rowsOf(forecast: ForecastHour[], fromToday: boolean): { name: string; hours: ForecastHour[] }[] {
  const rows: { name: string; hours: ForecastHour[] }[] = [];
  let weekday = -1;
  for (const cell of forecast) {
    if (cell.weekday !== weekday) {
      weekday = cell.weekday;
      const name = (WEEKDAYS[cell.weekday] ?? '').slice(0, 3);
      rows.push({ name: rows.length === 0 && fromToday ? 'Today' : rows.length === 7 ? `${name} ` : name, hours: [] });
    }
    rows.at(-1)?.hours.push(cell);
  }
  return rows;
}
