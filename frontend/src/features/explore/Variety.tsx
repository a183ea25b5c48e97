import { useGetVariety } from '@/api/generated';
import type { Spread, Variety as VarietyData } from '@/api/generated/model';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { ticksOf } from '@/components/charts/ticks';
import { Timeline } from '@/components/charts/Timeline';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { capital, count, monthLong, percent, plural } from '@/lib/format';
import { duringPhrase, spanLabel } from '@/lib/span';
import { laidBeside } from './beside';
import { useToday } from '@/lib/useZone';

interface VarietyProps {
  span: string;
  against: string | null;
  onChoose: (span: string) => void;
}

/** How much of it comes from how few. */
export function Variety({ span, against, onChoose }: VarietyProps) {
  const variety = useGetVariety({ span });
  const other = useGetVariety({ span: against ?? span }, { query: { enabled: against !== null } });
  const beside = against && other.data ? { name: spanLabel(against), during: duringPhrase(against), data: other.data } : null;
  return (
    <QueryView query={variety} what="measure how varied it was" empty={(data) => data.artists.different === 0 && <></>}>
      {(data) => (
        <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
          <Concentration data={data} beside={beside} />
          <ThroughMonths data={data} beside={beside} onChoose={onChoose} />
        </div>
      )}
    </QueryView>
  );
}

const KINDS = [
  { key: 'artists', name: 'Artists', one: 'artist' },
  { key: 'albums', name: 'Albums', one: 'album' },
  { key: 'tracks', name: 'Tracks', one: 'track' },
] as const;

interface Beside {
  name: string;
  during: string;
  data: VarietyData;
}

function Concentration({ data, beside }: { data: VarietyData; beside: Beside | null }) {
  const rows = KINDS.map(({ key, name }) => ({ name, spread: data[key], old: beside?.data[key] }));
  return (
    <ChartFrame
      title={`Half of what you heard came from ${plural(data.artists.half, 'artist')}`}
      note={
        <>
          {plural(data.artists.different, 'artist')} in all; as varied as {count(data.artists.effective ?? 0)} of them heard equally often.
          {beside && ` ${capital(beside.during)}, half came from ${plural(beside.data.artists.half, 'artist')}.`}
        </>
      }
      table={{
        columns: ['', 'Different', 'Make half', 'First', 'First ten', 'Gini', 'Entropy, bits'],
        rows: rows.flatMap(({ name, spread, old }) => [
          tableRow(name, spread),
          ...(old && beside ? [tableRow(`${name}, ${beside.name}`, old)] : []),
        ]),
      }}
    >
      <ul className="space-y-5">
        {rows.map(({ name, spread, old }) => (
          <li key={name}>
            <p className="mb-1.5 font-medium">{name}</p>
            <Stack spread={spread} />
            {old && <Stack spread={old} counter />}
          </li>
        ))}
      </ul>
      <p className="mt-3 text-muted">Shares of all listens: the first, the next nine, all others.{beside && ` The lower bars are ${beside.name}.`}</p>
    </ChartFrame>
  );
}

/** First, next nine and the rest as one bar with its shares written on it. */
function Stack({ spread, counter = false }: { spread: Spread; counter?: boolean }) {
  const first = spread.top_share ?? 0;
  const ten = Math.max(first, spread.top_ten_share ?? 0);
  const hue = counter ? 'var(--counter)' : 'var(--signal)';
  const parts = [
    { share: first, strength: 100, name: 'the first' },
    { share: ten - first, strength: 55, name: 'the next nine' },
    { share: 1 - ten, strength: 18, name: 'all others' },
  ].filter((part) => part.share > 0);
  return (
    <div className={counter ? 'mt-1.5' : undefined}>
      <div className="flex gap-0.5 overflow-hidden rounded-small" role="img" aria-label={parts.map((part) => `${part.name} ${percent(part.share)}`).join(', ')}>
        {parts.map((part) => (
          <span
            key={part.name}
            title={`${part.name}: ${percent(part.share, 1)}`}
            className={counter ? 'h-2' : 'h-6'}
            style={{ width: `${part.share * 100}%`, background: `color-mix(in oklab, ${hue} ${part.strength}%, var(--heat-floor))` }}
          />
        ))}
      </div>
      {!counter && (
        <p className="mt-1 flex justify-between text-tick text-muted" aria-hidden>
          <span>the first {percent(first)}</span>
          <span>all but ten {percent(1 - ten)}</span>
        </p>
      )}
    </div>
  );
}

function tableRow(name: string, spread: Spread): (string | number)[] {
  const share = (value: number | null) => (value === null ? '–' : percent(value, 1));
  return [
    name,
    count(spread.different),
    count(spread.half),
    share(spread.top_share),
    share(spread.top_ten_share),
    spread.gini?.toFixed(2) ?? '–',
    spread.entropy_bits?.toFixed(2) ?? '–',
  ];
}

function ThroughMonths({ data, beside, onChoose }: { data: VarietyData; beside: Beside | null; onChoose: (span: string) => void }) {
  const today = useToday();
  if (data.points.length < 2) {
    return (
      <Panel title="One month has one breadth">
        <p className="text-muted">Choose a longer time to see it change.</p>
      </Panel>
    );
  }
  const widest = data.points.reduce((best, point) => (point.effective_artists > best.effective_artists ? point : best));
  const ticks = ticksOf(data.points.map((point) => point.start), 'month');
  const laid = laidBeside('month', data, beside?.data, today, (point) => point.effective_artists);
  return (
    <ChartFrame
      title={`You listened most widely in ${monthLong(widest.start)}`}
      table={{
        columns: ['Month', 'Artists', 'As varied as', 'First artist'],
        rows: data.points.map((point) => [
          monthLong(point.start),
          count(point.artists),
          point.effective_artists.toFixed(1),
          percent(point.top_artist_share),
        ]),
      }}
    >
      <Timeline
        label="Artists heard equally often that would be as varied, per month"
        told={(value) => `${count(value)} artists’ worth`}
        points={data.points.map((point, index) => ({
          key: point.start,
          tick: ticks[index] ?? '',
          value: point.effective_artists,
          other: laid[index],
          told: `${monthLong(point.start)}: ${plural(point.artists, 'artist')}, as varied as ${point.effective_artists.toFixed(1)} heard equally often`,
        }))}
        rest={
          beside
            ? `As many artists, heard equally often, would be as varied. The broken blue line is ${beside.name}.`
            : 'As many artists, heard equally often, would be as varied; press a month to open it.'
        }
        onChoose={(key) => onChoose(key.slice(0, 7))}
      />
    </ChartFrame>
  );
}
