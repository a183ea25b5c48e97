import type { LikelySkip } from '@/api/generated/model';
import { TrackLine } from '@/components/listening/TrackLine';
import { Panel } from '@/components/ui/Panel';
import { percent } from '@/lib/format';

/** Tracks that would not be heard to the end if they came up now. */
export function LikelySkips({ skips }: { skips: LikelySkip[] }) {
  const first = skips[0];
  return (
    <Panel
      title={first ? `You would skip ${first.track.name} now` : 'Nothing you would skip stands out'}
      note={first && 'If one of your own tracks came up next, these are the ones you would pass over.'}
    >
      <ul>
        {skips.map(({ track, probability, why }) => (
          <li key={track.id}>
            <TrackLine
              track={track}
              under={why ? `${track.artist.name}. ${why}` : undefined}
              aside={
                <span className="w-24 shrink-0 text-right">
                  {percent(probability)} <span className="text-muted">sure</span>
                  <span className="mt-1 block h-[3px] rounded-round bg-heat-floor" aria-hidden>
                    <span className="block h-full rounded-round bg-signal" style={{ width: percent(probability) }} />
                  </span>
                </span>
              }
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
