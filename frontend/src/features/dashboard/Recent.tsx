import { useListPlays } from '@/api/generated';
import type { PlayRow, Plays } from '@/api/generated/model';
import { TrackLine } from '@/components/listening/TrackLine';
import { ButtonLink } from '@/components/ui/Button';
import { cx } from '@/components/ui/classes';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { clockTime, moment, plural, trackLength } from '@/lib/format';
import { spanKind, spanPhrase } from '@/lib/span';
import { useZone } from '@/lib/useZone';

const FEW = 6;
/** A day is told whole, unless the music never stopped. */
const OF_A_DAY = 100;

/** The last plays of the span, as facts; of a single day all of them, in order. */
export function Recent({ span }: { span: string }) {
  const zone = useZone();
  const isDay = spanKind(span) === 'day';
  const plays = useListPlays({ span, limit: isDay ? OF_A_DAY : FEW });
  return (
    <QueryView query={plays} what="fetch your last plays" empty={(data) => data.items.length === 0 && <></>}>
      {(data) => {
        const rows = isDay ? [...data.items].reverse() : data.items;
        return (
          <Panel title={isDay ? wholeDay(data, span) : lastOf(data, span)}>
            <ol className={cx('-mt-2 gap-x-12', isDay ? 'md:columns-2' : 'grid md:grid-cols-2')}>
              {rows.map((play) => (
                <li key={`${play.track.id} ${play.started_at}`} className="break-inside-avoid">
                  <TrackLine track={play.track} aside={<Aside play={play} at={isDay ? clockTime(play.started_at, zone) : moment(play.started_at, zone)} />} />
                </li>
              ))}
            </ol>
            <ButtonLink look="quiet" className="mt-3 -ml-4" to={span === 'all' ? '/history' : `/history?span=${span}`}>
              Every play {span !== 'all' && spanPhrase(span)}
            </ButtonLink>
          </Panel>
        );
      }}
    </QueryView>
  );
}

function Aside({ play, at }: { play: PlayRow; at: string }) {
  return (
    <span className="shrink-0 text-right text-muted">
      {at}
      <br />
      {trackLength(play.ms_played)}
      {play.skipped && ', skipped'}
    </span>
  );
}

function lastOf({ items }: Plays, span: string): string {
  return `Heard last${span === 'all' ? '' : ` ${spanPhrase(span)}`}: ${items[0]?.track.name ?? ''}`;
}

function wholeDay({ items, next_before: more }: Plays, span: string): string {
  return more ? `The last ${plural(items.length, 'play')} ${spanPhrase(span)}` : `${plural(items.length, 'play')} ${spanPhrase(span)}, in order`;
}
