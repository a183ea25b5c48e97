import type { MergedRecording, RecordingPair, SuggestedRecording } from '@/api/generated/model';
import { TrackLine } from '@/components/listening/TrackLine';
import type { useCare } from '@/components/listening/useCare';
import { Button } from '@/components/ui/Button';
import { plural, trackLength } from '@/lib/format';

export type Care = ReturnType<typeof useCare>;

export const pairsOf = ({ track, others }: SuggestedRecording): RecordingPair[] =>
  others.map((other) => ({ track_id: other.track.id, into: track.id }));

/** What looks like one recording, to be accepted or refused. */
export function Suggestion({ item, care }: { item: SuggestedRecording; care: Care }) {
  return (
    <li className="border-t border-line pt-3">
      <TrackLine
        track={item.track}
        under={[item.track.artist.name, item.track.album?.name].filter(Boolean).join(', ')}
        aside={<Told listens={item.listens} ms={item.duration_ms} />}
      />
      <ul className="ml-5 border-l border-line pl-5">
        {item.others.map((other) => (
          <li key={other.track.id}>
            <TrackLine
              track={other.track}
              under={[other.track.artist.name, other.track.album?.name, other.why === 'isrc' && 'the same ISRC'].filter(Boolean).join(', ')}
              aside={<Told listens={other.listens} ms={other.duration_ms} />}
            />
          </li>
        ))}
      </ul>
      <div className="mt-2 flex gap-2">
        <Button busy={care.busy} onClick={() => care.merge(pairsOf(item), item.others[0]?.why ?? 'name')}>
          Count together
        </Button>
        <Button look="quiet" busy={care.busy} onClick={() => care.refuse(pairsOf(item))}>
          Not the same
        </Button>
      </div>
    </li>
  );
}

function Told({ listens, ms }: { listens: number; ms: number | null }) {
  return (
    <span className="shrink-0 text-right text-muted">
      {plural(listens, 'listen')}
      {ms !== null && (
        <>
          <br />
          {trackLength(ms)}
        </>
      )}
    </span>
  );
}

/** What counts as one recording now, each part to be taken out again. */
export function Together({ item, care }: { item: MergedRecording; care: Care }) {
  return (
    <li className="border-t border-line pt-3">
      <TrackLine track={item.track} />
      <ul className="ml-5 border-l border-line pl-5">
        {item.others.map((other) => (
          <li key={other.track.id} className="flex flex-wrap items-center justify-between gap-x-4 py-1">
            <p className="min-w-0">
              {other.track.name} <span className="text-muted">{other.track.album?.name ?? other.track.artist.name}</span>
            </p>
            <Button look="quiet" busy={care.busy} onClick={() => care.split([other.track.id])}>
              Count apart
            </Button>
          </li>
        ))}
      </ul>
    </li>
  );
}
