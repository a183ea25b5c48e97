import { useGetEras } from '@/api/generated';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { Columns } from '@/components/charts/Columns';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { capital, count, percent, plural } from '@/lib/format';
import { spanLabel } from '@/lib/span';

/** From which years the music is, as far as anybody told. */
export function Eras({ span, against }: { span: string; against: string | null }) {
  const eras = useGetEras({ span });
  const other = useGetEras({ span: against ?? span }, { query: { enabled: against !== null } });
  const beside = against === null ? null : (other.data ?? null);
  return (
    <QueryView query={eras} what="sort your music by its years" empty={(data) => data.listens === 0 && <></>}>
      {(data) => {
        if (data.known === 0 || data.median_year === null) {
          return (
            <Panel title="From which years, nobody told yet">
              <p className="max-w-[60ch] text-muted">{data.note ?? 'Spotify’s export names no release dates.'}</p>
            </Panel>
          );
        }
        const decades = filled(data.decades.map(({ decade }) => decade)).map((decade) => ({
          decade,
          share: data.decades.find((one) => one.decade === decade)?.share ?? 0,
          listens: data.decades.find((one) => one.decade === decade)?.listens ?? 0,
          other: beside?.decades.find((one) => one.decade === decade)?.share ?? 0,
        }));
        const most = decades.reduce((best, one) => (one.share > best.share ? one : best));
        return (
          <ChartFrame
            title={`${capital(percent(most.share))} of it is from the ${most.decade}s; the year in the middle is ${data.median_year}`}
            note={`${data.note ? `${data.note} ` : ''}Known for ${percent(data.known_share ?? 0)} of the listens${data.median_age_years === null ? '' : `; when you heard it, the music was ${data.median_age_years.toFixed(0)} years old in the middle`}.`}
            table={{
              columns: ['Decade', 'Listens', 'Share'],
              rows: decades.map((one) => [`${one.decade}s`, count(one.listens), percent(one.share, 1)]),
            }}
          >
            <Columns
              label="Listens by decade of release"
              columns={decades.map((one) => ({
                key: String(one.decade),
                tick: `${one.decade}s`,
                value: one.share,
                other: beside ? one.other : undefined,
                lit: one === most,
                told: `${one.decade}s: ${plural(one.listens, 'listen')}, ${percent(one.share, 1)}`,
              }))}
              rest={against && beside ? `Shares of the listens whose year is known; the blue lines are ${spanLabel(against)}.` : 'Listens by the decade the album came out.'}
            />
          </ChartFrame>
        );
      }}
    </QueryView>
  );
}

/** Every decade from the first to the last, also the silent ones. */
function filled(decades: number[]): number[] {
  const [first, last] = [Math.min(...decades), Math.max(...decades)];
  return Array.from({ length: (last - first) / 10 + 1 }, (_, index) => first + index * 10);
}
