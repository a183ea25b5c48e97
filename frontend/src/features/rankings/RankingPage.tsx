import { useInfiniteQuery } from '@tanstack/react-query';
import { Navigate, useParams } from 'react-router';
import { getGetTopQueryKey, getTop, useGetSpans } from '@/api/generated';
import type { TopItem } from '@/api/generated/model';
import { Further } from '@/components/listening/Further';
import { NothingYet } from '@/components/listening/NothingYet';
import { RankBy, useRankBy } from '@/components/listening/RankBy';
import { RankedList } from '@/components/listening/RankedList';
import { SpanControl } from '@/components/listening/SpanControl';
import { PageHead } from '@/components/ui/Panel';
import { SkeletonRows, Trouble } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { spanPhrase } from '@/lib/span';
import { useAgainst, useSpan } from '@/lib/useSpan';
import { useTitle } from '@/lib/useTitle';

const KINDS = ['tracks', 'artists', 'albums', 'podcasts'] as const;
type Kind = (typeof KINDS)[number];

const PAGE = 100;

/** Everything of one kind by how much it was listened to, from the first to the last. */
export function RankingPage() {
  const asked = useParams().kind;
  const kind = KINDS.find((known) => known === asked);
  return kind ? <Ranking kind={kind} /> : <Navigate to="/explore/what" replace />;
}

function Ranking({ kind }: { kind: Kind }) {
  useTitle(`All ${kind}`);
  const spans = useGetSpans();
  const [span, choose] = useSpan('all');
  const [against] = useAgainst(span);
  // podcasts are heard, not listened to: only their time says something
  const [chosen] = useRankBy();
  const by = kind === 'podcasts' ? 'time' : chosen;
  const asked = { span, by, ...(against && { against }) };
  const pages = useInfiniteQuery({
    queryKey: [...getGetTopQueryKey(kind, asked), 'pages'],
    queryFn: ({ pageParam, signal }) => getTop(kind, { ...asked, limit: PAGE, offset: pageParam }, undefined, signal),
    initialPageParam: 0,
    getNextPageParam: ({ total }, _, offset) => (offset + PAGE < total ? offset + PAGE : null),
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pages.data?.pages[0]?.total ?? 0;

  if (spans.data && !spans.data.first_day) return <NothingYet>Bring your history, and all of it is ranked here.</NothingYet>;
  return (
    <>
      <PageHead
        title={`All ${kind}`}
        lead={pages.data && `${plural(total, kind.slice(0, -1))} ${spanPhrase(span)}.`}
        control={<SpanControl span={span} spans={spans.data} onChoose={choose} />}
      />
      {kind !== 'podcasts' && <RankBy className="mb-5" />}
      {pages.isPending && <SkeletonRows rows={10} />}
      {pages.isError && !pages.data && <Trouble error={pages.error} what={`rank your ${kind}`} onRetry={() => void pages.refetch()} />}
      {pages.data && (
        <div className="max-w-3xl">
          <RankedList items={items} by={by} linkTo={kind === 'podcasts' ? undefined : (item: TopItem) => `/${kind}/${item.id}`} />
          <div className="mt-4">
            <Further pages={pages} label="Further down" what="rank the rest">
              {total > 0 && <p className="text-muted">That is all of them.</p>}
            </Further>
          </div>
        </div>
      )}
    </>
  );
}
