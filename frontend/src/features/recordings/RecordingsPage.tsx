import { useGetSpans, useListMerges, useSuggestRecordings } from '@/api/generated';
import { NothingYet } from '@/components/listening/NothingYet';
import { useCare } from '@/components/listening/useCare';
import { Button } from '@/components/ui/Button';
import { PageHead, Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { plural } from '@/lib/format';
import { useTitle } from '@/lib/useTitle';
import { ByHand } from './ByHand';
import { Refused } from './Refused';
import { pairsOf, Suggestion, Together } from './Recordings';

/** The same recording on several albums: what looks so, and what counts together already. */
export function RecordingsPage() {
  useTitle('Same recordings');
  const suggestions = useSuggestRecordings();
  const merges = useListMerges();
  const care = useCare();
  const spans = useGetSpans();
  if (spans.data && !spans.data.first_day) return <NothingYet>There is nothing to count together before there are plays.</NothingYet>;
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
      <div className="mt-16 grid gap-x-12 gap-y-16 lg:grid-cols-2">
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
        <ByHand care={care} />
        <Refused care={care} />
      </div>
    </>
  );
}
