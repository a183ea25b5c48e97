import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { getListPlaysQueryKey, listPlays, useGetSpans } from '@/api/generated';
import type { PlayRow } from '@/api/generated/model';
import { Further } from '@/components/listening/Further';
import { NothingYet } from '@/components/listening/NothingYet';
import { SpanControl } from '@/components/listening/SpanControl';
import { useCare } from '@/components/listening/useCare';
import { Button } from '@/components/ui/Button';
import { PageHead } from '@/components/ui/Panel';
import { SkeletonRows, Trouble } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { spanPhrase } from '@/lib/span';
import { useSpan } from '@/lib/useSpan';
import { useTitle } from '@/lib/useTitle';
import { useZone } from '@/lib/useZone';
import { DoneByHand } from './DoneByHand';
import { Filter, useFiltered } from './Filter';
import { PlayForm } from './PlayForm';
import { PlayList } from './PlayList';
import { keyOf, refOf } from './plays';

const PAGE = 100;

/** Every play, newest first: to look something up, and to put right what was not so. */
export function HistoryPage() {
  useTitle('History');
  const spans = useGetSpans();
  const [span, choose] = useSpan('all');
  const zone = useZone();
  const care = useCare();
  const [chosen, setChosen] = useState<ReadonlyMap<string, PlayRow>>(new Map());
  const [form, setForm] = useState<PlayRow | 'new' | null>(null);
  const only = useFiltered();
  const of = { ...(span !== 'all' && { span }), ...only.by };
  const clear = () => setChosen(new Map());
  const shown = JSON.stringify(of);
  const [chosenFrom, setChosenFrom] = useState(shown);
  if (chosenFrom !== shown) {
    // what is out of sight is not deleted with what is in sight
    setChosenFrom(shown);
    clear();
  }
  const pages = useInfiniteQuery({
    queryKey: [...getListPlaysQueryKey(of), 'pages'],
    queryFn: ({ pageParam, signal }) => listPlays({ ...of, limit: PAGE, ...(pageParam && { before: pageParam }) }, undefined, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_before ?? undefined,
  });
  const plays = pages.data?.pages.flatMap((page) => page.items) ?? [];

  if (spans.data && !spans.data.first_day) {
    return (
      <>
        <NothingYet>Bring your history, and every play of it stands here.</NothingYet>
        <div className="flex justify-center">
          <DoneByHand />
        </div>
      </>
    );
  }
  return (
    <>
      <PageHead
        title="Every play"
        lead="Newest first. What was not so can be put right: delete, correct or add a play. Each change can be taken back, and importing again brings nothing deleted back."
        control={<SpanControl span={span} spans={spans.data} onChoose={choose} />}
      />
      <div className="mb-6 flex flex-wrap items-center gap-3">
        {only.name && <Filter name={only.name} />}
        <Button onClick={() => setForm('new')}>
          <Plus size={18} aria-hidden /> Add a play
        </Button>
        <DoneByHand />
      </div>
      {pages.isPending && <SkeletonRows rows={10} />}
      {pages.isError && !pages.data && <Trouble error={pages.error} what="fetch your plays" onRetry={() => void pages.refetch()} />}
      {pages.data && plays.length === 0 && <p className="py-8 text-muted">{nothing(span, only.name)}</p>}
      {plays.length > 0 && (
        <>
          <PlayList
            plays={plays}
            zone={zone}
            chosen={chosen}
            onChoose={setChosen}
            onCorrect={setForm}
            onDelete={(rows) => care.deletePlays(rows.map(refOf), clear)}
          />
          <Further pages={pages} label="Further back" what="fetch what lies further back">
            <p className="text-muted">That was the first one.</p>
          </Further>
        </>
      )}
      {chosen.size > 0 && (
        <div className="sticky bottom-24 z-10 mt-4 flex flex-wrap items-center justify-between gap-3 rounded-panel border border-line bg-raised px-5 py-3 lg:bottom-6">
          <p>{plural(chosen.size, 'play')} chosen</p>
          <div className="flex gap-2">
            <Button look="quiet" onClick={clear}>
              Choose none
            </Button>
            <Button look="danger" busy={care.busy} onClick={() => care.deletePlays([...chosen.values()].map(refOf), clear)}>
              Delete
            </Button>
          </div>
        </div>
      )}
      <PlayForm key={form === 'new' || !form ? String(form) : keyOf(form)} play={form} zone={zone} onClose={() => setForm(null)} />
    </>
  );
}

function nothing(span: string, name: string | null): string {
  if (name === null) return `Nothing was played ${spanPhrase(span)}.`;
  return span === 'all' ? `There is no play of ${name}.` : `No play of ${name} ${spanPhrase(span)}.`;
}
