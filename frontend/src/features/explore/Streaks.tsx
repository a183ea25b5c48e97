import { useGetStreaks } from '@/api/generated';
import type { DayRun } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { capital, dayShort, plural } from '@/lib/format';
import { duringPhrase } from '@/lib/span';

const SHOWN = 5;
const range = ({ first_day: first, last_day: last }: DayRun) => (first === last ? dayShort(first) : `${dayShort(first)} – ${dayShort(last)}`);

/** Days in a row. */
export function Streaks({ span, against }: { span: string; against: string | null }) {
  const streaks = useGetStreaks({ span });
  const other = useGetStreaks({ span: against ?? span }, { query: { enabled: against !== null } });
  const before = against === null ? null : other.data?.longest[0]?.days;
  return (
    <QueryView query={streaks} what="count your streaks" empty={(data) => data.longest.length === 0 && <></>}>
      {({ current, longest, artists }) => (
        <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
          <Panel
            title={(longest[0]?.days ?? 0) > 1 ? `${plural(longest[0]?.days ?? 0, 'day')} without a silent one` : 'No two days in a row'}
            note={`${current ? `A run of ${plural(current.days, 'day')} is going on now.` : 'No run is going on now.'}${against && before ? ` ${capital(duringPhrase(against))} the longest had ${plural(before, 'day')}.` : ''}`}
          >
            <BarList
              label="The longest runs of days"
              bars={longest.slice(0, SHOWN).map((run) => ({
                key: run.first_day,
                name: range(run),
                to: `/explore/when?span=${run.first_day === run.last_day ? run.first_day : `${run.first_day}..${run.last_day}`}`,
                value: run.days,
                told: plural(run.days, 'day'),
                behind: `/history?span=${run.first_day}..${run.last_day}`,
              }))}
            />
          </Panel>
          {artists[0] && artists[0].days > 1 && (
            <Panel title={`${artists[0].artist.name} was on ${plural(artists[0].days, 'day')} in a row`}>
              <BarList
                label="The longest runs of artists"
                bars={artists.slice(0, SHOWN).map((run) => ({
                  key: String(run.artist.id),
                  name: run.artist.name,
                  by: range(run),
                  to: `/artists/${run.artist.id}`,
                  value: run.days,
                  told: plural(run.days, 'day'),
                  behind: `/history?span=${run.first_day}..${run.last_day}&artist_id=${run.artist.id}`,
                }))}
              />
            </Panel>
          )}
        </div>
      )}
    </QueryView>
  );
}
