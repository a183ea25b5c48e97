import { useListPlays } from '@/api/generated';
import { TrackLine } from '@/components/listening/TrackLine';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { moment, trackLength } from '@/lib/format';
import { useZone } from '@/lib/useZone';

const FEW = 6;

/** The last plays there are, as facts. */
export function Recent() {
  const zone = useZone();
  const plays = useListPlays({ limit: FEW });
  return (
    <QueryView query={plays} what="fetch your last plays" empty={(data) => data.items.length === 0 && <></>}>
      {({ items }) => (
        <Panel title={`Last heard: ${items[0]?.track.name ?? ''}`}>
          <ul className="-mt-2 grid gap-x-12 md:grid-cols-2">
            {items.map((play) => (
              <li key={`${play.track.id} ${play.ended_at}`}>
                <TrackLine
                  track={play.track}
                  aside={
                    <span className="shrink-0 text-right text-muted">
                      {moment(play.started_at, zone)}
                      <br />
                      {trackLength(play.ms_played)}
                      {play.skipped && ', skipped'}
                    </span>
                  }
                />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </QueryView>
  );
}
