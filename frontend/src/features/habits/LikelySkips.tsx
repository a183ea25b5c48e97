import type { LikelySkip } from '@/api/generated/model';
import { TrackLine } from '@/components/listening/TrackLine';
import { Panel } from '@/components/ui/Panel';
import { percent } from '@/lib/format';

/** Tracks that would not be heard to the end if they came up now. */
export function LikelySkips({ skips }: { skips: LikelySkip[] }) {
  const first = skips[0];
  return (
    <Panel
      title={answer(first)}
      note={first && 'Of your own tracks, these would be passed over soonest if they came up now.'}
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
                    <span className="block h-full rounded-round bg-signal" style={{ width: `${100 * probability}%` }} />
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

const EVEN_CHANCE = 0.5;

function answer(first: LikelySkip | undefined): string {
  if (!first) return 'Nothing you would skip stands out';
  if (first.probability < EVEN_CHANCE) return 'You would rather hear any of your tracks than skip it';
  return `You would likely skip ${first.track.name} now`;
}
