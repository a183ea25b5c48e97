import { useGetRediscovery } from '@/api/generated';
import type { Rediscovery } from '@/api/generated/model';
import { BarList, type Bar } from '@/components/charts/BarList';
import { MakePlaylist } from '@/components/listening/MakePlaylist';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { capital, dayShort, plural } from '@/lib/format';
import { byTheEnd } from '@/lib/span';
import { useToday } from '@/lib/useZone';

const SHOWN = 6;

/** What came back after a long silence, and favourites that have not. */
export function Returns({ span }: { span: string }) {
  const rediscovery = useGetRediscovery({ span });
  return (
    <QueryView query={rediscovery} what="look for what came back">
      {(data) => (
        <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
          <Back data={data} />
          <Forgotten data={data} />
        </div>
      )}
    </QueryView>
  );
}

function Back({ data }: { data: Rediscovery }) {
  const bars: Bar[] = [
    ...data.artists.map((one) => ({ ...one, name: one.artist.name, by: undefined, to: `/artists/${one.artist.id}` })),
    ...data.tracks.map((one) => ({ ...one, name: one.track.name, by: one.track.artist.name, to: `/tracks/${one.track.id}` })),
  ]
    .sort((a, b) => b.silent_days - a.silent_days)
    .slice(0, SHOWN)
    .map((one) => ({
      key: one.to,
      name: one.name,
      by: [one.by, `back on ${dayShort(one.back_on)}`].filter(Boolean).join(', '),
      to: one.to,
      value: one.silent_days,
      told: plural(one.silent_days, 'day'),
    }));
  if (!bars[0]) {
    return (
      <Panel title="Nothing came back">
        <p className="text-muted">A comeback ends a silence of {plural(data.silence_days, 'day')} or more.</p>
      </Panel>
    );
  }
  return (
    <Panel title={`${bars[0].name} came back after ${bars[0].told}`} note={`Silences of ${plural(data.silence_days, 'day')} or more.`}>
      <BarList label="Comebacks by the length of their silence" bars={bars} />
    </Panel>
  );
}

function Forgotten({ data }: { data: Rediscovery }) {
  const isOver = data.span.last_day < useToday() && data.span.text !== 'all';
  const [first] = data.forgotten_tracks;
  if (!first) {
    return (
      <Panel title="No favourite was forgotten">
        <p className="text-muted">
          Everything you {isOver ? 'had loved' : 'loved'} was on at least once since {dayShort(data.forgotten_since)}.
        </p>
      </Panel>
    );
  }
  return (
    <Panel
      title={`${isOver ? `${capital(byTheEnd(data.span))} you had` : 'You have'} not heard ${first.track.name} since ${dayShort(first.last_day)}`}
      note={`Favourites that ${isOver ? 'were' : 'are'} silent since ${dayShort(data.forgotten_since)} or longer.`}
    >
      <BarList
        label="Forgotten favourites"
        bars={data.forgotten_tracks.slice(0, SHOWN).map((one) => ({
          key: String(one.track.id),
          name: one.track.name,
          by: `${one.track.artist.name}, last on ${dayShort(one.last_day)}`,
          to: `/tracks/${one.track.id}`,
          value: one.listens,
          told: plural(one.listens, 'listen'),
        }))}
      />
      <div className="mt-4">
        <MakePlaylist suggested="Forgotten favourites" ids={data.forgotten_tracks.map((one) => one.track.id)} />
      </div>
    </Panel>
  );
}
