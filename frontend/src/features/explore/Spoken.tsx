import { useGetTop, useGetTotals } from '@/api/generated';
import { RankedList, rankedLink } from '@/components/listening/RankedList';
import { ButtonLink } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { count, duration } from '@/lib/format';
import { duringPhrase } from '@/lib/span';

const LIMIT = 8;

interface SpokenProps {
  span: string;
  against: string | null;
}

/** Podcasts and audiobooks, counted apart from music. */
export function Spoken({ span, against }: SpokenProps) {
  const totals = useGetTotals({ span });
  const spoken = totals.data?.spoken;
  if (!spoken || spoken.plays === 0) return null;
  return (
    <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
      <Kind
        kind="podcasts"
        title={`${duration(spoken.ms_played)} were spoken ${duringPhrase(span)}`}
        note="Podcasts and audiobooks; none of it counts as music."
        span={span}
        against={against}
      />
      <Kind kind="audiobooks" title="Books, read to you" span={span} against={against} />
    </div>
  );
}

interface KindProps extends SpokenProps {
  kind: 'podcasts' | 'audiobooks';
  title: string;
  note?: string;
}

function Kind({ kind, title, note, span, against }: KindProps) {
  const top = useGetTop(kind, { span, by: 'time', limit: LIMIT, ...(against && { against }) });
  return (
    <QueryView query={top} what={`rank your ${kind}`} empty={(data) => data.items.length === 0 && <></>}>
      {({ items, total }) => (
        <Panel title={title} note={note}>
          <RankedList items={items} by="time" linkTo={rankedLink(kind, span)} />
          {total > LIMIT && (
            <ButtonLink look="quiet" className="mt-3 -ml-4" to={`/top/${kind}?${String(new URLSearchParams({ span, ...(against && { against }) }))}`}>
              All {count(total)} {kind}
            </ButtonLink>
          )}
        </Panel>
      )}
    </QueryView>
  );
}
