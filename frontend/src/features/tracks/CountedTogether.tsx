import type { TrackStory } from '@/api/generated/model';
import { useCare } from '@/components/listening/useCare';
import { Button } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { TrackList } from './TrackList';

/** What counts as this recording, and what stands beside it without counting: live, remixes and the like. */
export function CountedTogether({ story, span }: { story: TrackStory; span: string }) {
  const care = useCare();
  return (
    <>
      {story.together.length > 0 && (
        <Panel title={`On ${story.together.length + 1} albums, counted as one`}>
          <ul>
            {story.together.map(({ track }) => (
              <li key={track.id} className="flex flex-wrap items-center justify-between gap-3 border-t border-line py-2">
                <span>
                  {track.name} <span className="text-muted">{track.album?.name}</span>
                </span>
                <Button look="quiet" busy={care.busy} onClick={() => care.split([track.id])}>
                  Count apart
                </Button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {story.other_versions.length > 0 && (
        <TrackList tracks={story.other_versions} title="Other versions of it" note="Each counts for itself." span={span} />
      )}
    </>
  );
}
