import { useGetDiscovery } from '@/api/generated';
import type { DiscoveryPoint } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { Columns } from '@/components/charts/Columns';
import { ticksOf, unitOf } from '@/components/charts/ticks';
import { MakePlaylist } from '@/components/listening/MakePlaylist';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { capital, count, dateShort, dayLong, monthLong, percent, plural } from '@/lib/format';
import { duringPhrase, spanLabel, spanPhrase } from '@/lib/span';
import { dense, laidBeside } from './beside';
import { useToday, useZone } from '@/lib/useZone';

interface DiscoveriesProps {
  span: string;
  against: string | null;
  onChoose: (span: string) => void;
}

const SHOWN = 6;
/** Listens from which on something new is more than a try. */
const STAYED = 5;

const silent = (start: string): DiscoveryPoint => ({ start, listens: 0, new_tracks: 0, new_artists: 0, to_new_tracks: 0 });

/** First listens through time, and the finds that stayed. */
export function Discoveries({ span, against, onChoose }: DiscoveriesProps) {
  const zone = useZone();
  const today = useToday();
  const discovery = useGetDiscovery({ span });
  const other = useGetDiscovery({ span: against ?? span }, { query: { enabled: against !== null } });
  return (
    <QueryView query={discovery} what="find what was new" empty={(data) => data.tracks.heard === 0 && <></>}>
      {(told) => {
        const unit = unitOf(told.span);
        const data = { ...told, points: dense(unit, told, today, silent) };
        const starts = data.points.map((point) => point.start);
        const ticks = ticksOf(starts, unit);
        const beside = against !== null && other.data && unitOf(other.data.span) === unit ? other.data : null;
        const laid = laidBeside(unit, data, beside, today, (point) => point.new_tracks, 0);
        const when = unit === 'month' ? monthLong : dayLong;
        const most = data.points.reduce<DiscoveryPoint | null>((best, point) => (best && best.new_tracks >= point.new_tracks ? best : point), null);
        // where everything is new (all time, a first year), when it came says more than how much of it did
        const title =
          data.tracks.new === 0
            ? 'Nothing was new'
            : data.tracks.new_share === 1 && most
              ? `${when(most.start)} brought the most that was new`
              : `${percent(data.tracks.listens_share ?? 0)} of your listens went to tracks new to you`;
        return (
          <>
            <ChartFrame
              title={title}
              note={`${plural(data.tracks.new, 'new track')}, ${data.artists.new ? plural(data.artists.new, 'new artist') : 'no new artist'}.${against && other.data ? ` ${capital(duringPhrase(against))}, ${percent(other.data.tracks.listens_share ?? 0)} of the listens went to what was new then.` : ''}`}
              table={{
                columns: [unit === 'month' ? 'Month' : 'Day', 'New tracks', 'New artists', 'Listens', 'To new tracks'],
                rows: data.points.map((point) => [
                  when(point.start),
                  count(point.new_tracks),
                  count(point.new_artists),
                  count(point.listens),
                  count(point.to_new_tracks),
                ]),
              }}
            >
              <Columns
                label={`New tracks per ${unit}`}
                columns={data.points.map((point, index) => ({
                  key: point.start,
                  tick: ticks[index] ?? '',
                  value: point.new_tracks,
                  other: laid[index],
                  told: `${when(point.start)}: ${plural(point.new_tracks, 'new track')}, ${plural(point.new_artists, 'new artist')}`,
                }))}
                rest={beside && against ? `Tracks heard for the first time ever, per ${unit}; the blue lines are ${spanLabel(against)}.` : `Tracks heard for the first time ever, per ${unit}; press one to open it.`}
                onChoose={(key) => onChoose(unit === 'month' ? key.slice(0, 7) : key)}
              />
            </ChartFrame>
            <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
              {data.found_tracks[0] && (
                <Panel title={data.found_tracks[0].listens < STAYED ? 'What was new to you' : `${data.found_tracks[0].track.name} was the find`}>
                  <BarList
                    label="New tracks listened to most"
                    bars={data.found_tracks.slice(0, SHOWN).map((found) => ({
                      key: String(found.track.id),
                      name: found.track.name,
                      by: `${found.track.artist.name}, since ${dateShort(found.first_at, zone)}`,
                      to: `/tracks/${found.track.id}`,
                      value: found.listens,
                      told: plural(found.listens, 'listen'),
                      behind: `/history?span=${span}&track_id=${found.track.id}`,
                    }))}
                  />
                  <div className="mt-4">
                    <MakePlaylist
                      suggested={span === 'all' ? 'My finds' : `My finds ${spanPhrase(span)}`}
                      ids={data.found_tracks.map((found) => found.track.id)}
                    />
                  </div>
                </Panel>
              )}
              {data.found_artists[0] && (
                <Panel title={data.found_artists[0].listens < STAYED ? 'New artists, none of whom stayed yet' : `${data.found_artists[0].artist.name} came and stayed`}>
                  <BarList
                    label="New artists listened to most"
                    bars={data.found_artists.slice(0, SHOWN).map((found) => ({
                      key: String(found.artist.id),
                      name: found.artist.name,
                      by: `since ${dateShort(found.first_at, zone)}`,
                      to: `/artists/${found.artist.id}`,
                      value: found.listens,
                      told: plural(found.listens, 'listen'),
                    }))}
                  />
                </Panel>
              )}
            </div>
          </>
        );
      }}
    </QueryView>
  );
}
