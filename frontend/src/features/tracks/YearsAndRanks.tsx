import { useNavigate } from 'react-router';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { Columns } from '@/components/charts/Columns';
import { count, plural } from '@/lib/format';
import { spanPhrase } from '@/lib/span';
import type { PlayStory } from './playStory';

interface YearsAndRanksProps {
  story: PlayStory;
  /** Whose plays a year opens: `artist_id=7`. */
  of: string;
  span: string;
}

/** Listens of each year, with the rank they made; a year opens its plays. */
export function YearsAndRanks({ story: { years, overall_rank: overall, rank }, of, span }: YearsAndRanksProps) {
  const navigate = useNavigate();
  const best = years.reduce<PlayStory['years'][number] | null>((top, year) => (!top || year.rank < top.rank ? year : top), null);
  if (!best) return null;
  const ofAllTime = overall !== null && `Number ${count(overall)} of all time, by listens.`;
  return (
    <ChartFrame
      title={
        span !== 'all' && rank !== null
          ? `Number ${count(rank)} ${spanPhrase(span)}`
          : `Number ${count(best.rank)} in ${best.year}${best.rank === 1 ? ', above all others' : ''}`
      }
      note={span === 'all' ? ofAllTime : <>{ofAllTime} The chart is of all years.</>}
      table={{
        columns: ['Year', 'Rank', 'Of', 'Listens'],
        rows: years.map((year) => [String(year.year), year.rank, count(year.among), count(year.listens)]),
      }}
    >
      <Columns
        label="Listens per year with their rank"
        columns={years.map((year) => ({
          key: String(year.year),
          tick: years.length <= 6 ? `${year.year} #${count(year.rank)}` : String(year.year).slice(2),
          value: year.listens,
          told: `${year.year}: number ${count(year.rank)} of ${count(year.among)}, ${plural(year.listens, 'listen')}`,
          lit: year === best,
        }))}
        rest="Height is listens, the number is the rank."
        onChoose={(year) => void navigate(`/history?span=${year}&${of}`)}
      />
    </ChartFrame>
  );
}
