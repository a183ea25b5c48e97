import type { Completion as CompletionData } from '@/api/generated/model';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { Columns } from '@/components/charts/Columns';
import { Panel } from '@/components/ui/Panel';
import { capital, count, percent, plural } from '@/lib/format';
import { duringPhrase } from '@/lib/span';

interface CompletionProps {
  data: CompletionData;
  beside: CompletionData | null;
  against: string | null;
}

const NAMES = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'last'];

/** How far into a track a play gets. */
export function Completion({ data, beside, against }: CompletionProps) {
  const known = data.known_length + data.estimated_length;
  if (known === 0 || data.finished_share === null) {
    return (
      <Panel title="How far plays get is not known">
        <p className="text-muted">No track of this time has a length that anybody told or that its plays agree on.</p>
      </Panel>
    );
  }
  const share = (tenths: number[], at: number) => (tenths[at] ?? 0) / Math.max(1, tenths.reduce((sum, value) => sum + value, 0));
  return (
    <ChartFrame
      title={`${capital(percent(data.finished_share))} of plays reach the end`}
      note={`${beside && against && beside.finished_share !== null ? `${capital(duringPhrase(against))}: ${percent(beside.finished_share)}. ` : ''}${known < data.unknown_length + known ? `${plural(data.unknown_length, 'play')} of tracks without a known length are left out.` : ''}`}
      table={{
        columns: ['Ended in the', 'Plays', 'Share'],
        rows: data.tenths.map((value, at) => [`${NAMES[at] ?? ''} tenth`, count(value), percent(share(data.tenths, at), 1)]),
      }}
    >
      <Columns
        label="Plays by the tenth of the track they ended in"
        height={170}
        columns={data.tenths.map((value, at) => ({
          key: String(at),
          tick: at === 0 ? 'start' : at === 9 ? 'end' : at === 4 ? 'middle' : '',
          value: share(data.tenths, at),
          other: beside ? share(beside.tenths, at) : undefined,
          lit: at === 9,
          told: `Ended in the ${NAMES[at] ?? ''} tenth: ${plural(value, 'play')}, ${percent(share(data.tenths, at), 1)}`,
        }))}
        rest={`Where in the track plays end; ${percent(data.estimated_length / known)} of the lengths are estimated from the plays themselves. The last twentieth counts as the end.`}
      />
    </ChartFrame>
  );
}
