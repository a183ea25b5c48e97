import type { SkipPoint, TrackCount, Ways } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { ChartFrame } from '@/components/charts/ChartFrame';
import { ticksOf, unitOf } from '@/components/charts/ticks';
import { Timeline } from '@/components/charts/Timeline';
import { capital, count, dayLong, monthLong, percent, plural } from '@/lib/format';
import { duringPhrase, spanLabel } from '@/lib/span';
import { laidBeside } from './beside';
import { useToday } from '@/lib/useZone';

export interface WaysProps {
  data: Ways;
  beside: Ways | null;
  against: string | null;
}

const SHOWN = 5;

/** How often the needle is lifted. */
export function Skips({ data, beside, against, onChoose }: WaysProps & { onChoose: (span: string) => void }) {
  const today = useToday();
  const points = data.points.filter(({ known }) => known > 0);
  const starts = points.map((point) => point.start);
  const unit = unitOf(data.span);
  const when = unit === 'month' ? monthLong : dayLong;
  const ticks = ticksOf(starts, unit);
  const share = ({ skips, known }: SkipPoint) => (known ? skips / known : undefined);
  const laid = laidBeside(unit, { ...data, points }, beside && unitOf(beside.span) === unit ? beside : null, today, share);
  return (
    <ChartFrame
      title={
        data.skip_share === null
          ? 'Nothing tells whether you skipped'
          : data.skips === 0
            ? 'Nothing was skipped'
            : `You skip ${percent(data.skip_share)} of what starts`
      }
      note={noteOf(data, beside, against)}
      table={{
        columns: [unit === 'month' ? 'Month' : 'Day', 'Plays', 'Skipped', 'Share'],
        rows: data.points.map((point) => {
          const skipped = share(point);
          return [when(point.start), count(point.plays), count(point.skips), skipped === undefined ? 'not told' : percent(skipped)];
        }),
      }}
    >
      {points.length > 1 && (
        <Timeline
          label={`Share skipped per ${unit}`}
          told={(value) => `${percent(value)} skipped`}
          height={170}
          points={points.map((point, index) => ({
            key: point.start,
            tick: ticks[index] ?? '',
            value: share(point) ?? 0,
            other: laid[index],
            told: `${when(point.start)}: ${count(point.skips)} of ${told(point.known, point.plays)}, ${percent(share(point) ?? 0)}`,
          }))}
          rest={against && laid.some((value) => value !== undefined) ? `Share of plays that were skipped; the broken blue line is ${spanLabel(against)}.` : `Share of plays that were skipped; press a ${unit} to open it.`}
          onChoose={(key) => onChoose(unit === 'month' ? key.slice(0, 7) : key)}
        />
      )}
      {data.most_skipped[0] && (
        <div className="mt-6">
          <h3 className="mb-2 font-medium">Skipped again and again</h3>
          <Tracks counts={data.most_skipped} label="Tracks skipped most" span={data.span.text} />
        </div>
      )}
    </ChartFrame>
  );
}

/** The plays that a share of skips is of. */
function told(known: number, plays: number): string {
  return known === plays ? plural(plays, 'play') : `${count(known)} plays that tell it (of ${count(plays)})`;
}

function noteOf(data: Ways, beside: Ways | null, against: string | null): string {
  if (!beside || !against) return `${count(data.skips)} of ${told(data.skips_known, data.plays)}.`;
  const during = capital(duringPhrase(against));
  return beside.skip_share === null ? `${during} nothing tells it.` : `${during} it was ${percent(beside.skip_share)}.`;
}

export function Tracks({ counts, label, span }: { counts: TrackCount[]; label: string; span: string }) {
  return (
    <BarList
      label={label}
      most={1}
      bars={counts.slice(0, SHOWN).map(({ track, times, plays }) => ({
        key: String(track.id),
        name: track.name,
        by: track.artist.name,
        to: `/tracks/${track.id}`,
        value: times / Math.max(1, plays),
        told: `${count(times)} of ${count(plays)}`,
        behind: `/history?span=${span}&track_id=${track.id}`,
      }))}
    />
  );
}
