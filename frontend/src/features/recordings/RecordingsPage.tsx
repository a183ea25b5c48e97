import { useListMerges, useSuggestRecordings } from '@/api/generated';
import type { MergedRecording, RecordingPair, SuggestedRecording } from '@/api/generated/model';
import { TrackLine } from '@/components/listening/TrackLine';
import { useCare } from '@/components/listening/useCare';
import { Button } from '@/components/ui/Button';
import { PageHead, Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { plural, trackLength } from '@/lib/format';
import { useTitle } from '@/lib/useTitle';

const pairsOf = ({ track, others }: SuggestedRecording): RecordingPair[] =>
  others.map((other) => ({ track_id: other.track.id, into: track.id }));

/** The same recording on several albums: what looks so, and what counts together already. */
export function RecordingsPage() {
  useTitle('Same recordings');
  const suggestions = useSuggestRecordings();
  const merges = useListMerges();
  const care = useCare();
  return (
    <>
      <PageHead
        title="The same recording"
        lead="A single, its album and a best-of have a track each. Counted together they are one in every list and story of yours; nobody else's numbers change, and it can be taken apart again. Live, remix, acoustic and edited versions are never suggested."
      />
      <QueryView
        query={suggestions}
        what="look for same recordings"
        empty={(data) =>
          data.items.length === 0 && (
            <Panel title="Nothing looks like the same recording">
              <p className="text-muted">Every track of yours stands for itself, or counts together already.</p>
            </Panel>
          )
        }
      >
        {(data) => (
          <Panel
            title="These look like the same recording"
            note={`${plural(data.items.length, 'recording')}, ${plural(data.pairs, 'track')} that would count as another. The most played name stays.`}
            aside={
              <Button look="signal" className="shrink-0" busy={care.busy} onClick={() => care.merge(data.items.flatMap(pairsOf), 'name')}>
                Accept all
              </Button>
            }
          >
            <ul className="space-y-6">
              {data.items.map((item) => (
                <Suggestion key={item.track.id} item={item} care={care} />
              ))}
            </ul>
          </Panel>
        )}
      </QueryView>
      <div className="mt-16">
        <QueryView query={merges} what="fetch what counts together" empty={(data) => data.items.length === 0 && <></>}>
          {(data) => (
            <Panel title={`${plural(data.items.length, 'recording')} of yours on several albums`} note="Counted together now.">
              <ul className="space-y-6">
                {data.items.map((item) => (
                  <Together key={item.track.id} item={item} care={care} />
                ))}
              </ul>
            </Panel>
          )}
        </QueryView>
      </div>
    </>
  );
}

type Care = ReturnType<typeof useCare>;

function Suggestion({ item, care }: { item: SuggestedRecording; care: Care }) {
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

function Together({ item, care }: { item: MergedRecording; care: Care }) {
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
