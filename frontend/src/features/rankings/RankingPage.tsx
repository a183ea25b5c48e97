import { useInfiniteQuery } from '@tanstack/react-query';
import { Navigate, useParams } from 'react-router';
import { getGetTopQueryKey, getTop, useGetSpans } from '@/api/generated';
import { Further } from '@/components/listening/Further';
import { Gone } from '@/components/listening/Gone';
import { MakePlaylist } from '@/components/listening/MakePlaylist';
import { NothingYet } from '@/components/listening/NothingYet';
import { RankBy, useRankBy } from '@/components/listening/RankBy';
import { RankedList, rankedLink, type RankedKind } from '@/components/listening/RankedList';
import { TimeControls } from '@/components/listening/TimeControls';
import { PageHead } from '@/components/ui/Panel';
import { SkeletonRows, Trouble } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { spanPhrase } from '@/lib/span';
import { useAgainst, useSpan } from '@/lib/useSpan';
import { useTitle } from '@/lib/useTitle';

/** One of each kind by name; what is spoken is heard, not listened to: only its time says something. */
const KINDS: Record<RankedKind, { one: string; spoken: boolean }> = {
  tracks: { one: 'track', spoken: false },
  artists: { one: 'artist', spoken: false },
  albums: { one: 'album', spoken: false },
  guests: { one: 'guest', spoken: false },
  podcasts: { one: 'podcast', spoken: true },
  audiobooks: { one: 'audiobook', spoken: true },
};

const PAGE = 100;

/** Everything of one kind by how much it was listened to, from the first to the last. */
export function RankingPage() {
  const asked = useParams().kind ?? '';
  return isKind(asked) ? <Ranking key={asked} kind={asked} /> : <Navigate to="/explore/what" replace />;
}

const isKind = (asked: string): asked is RankedKind => Object.hasOwn(KINDS, asked);

function Ranking({ kind }: { kind: RankedKind }) {
  useTitle(`All ${kind}`);
  const { one, spoken } = KINDS[kind];
  const spans = useGetSpans();
  const [span, choose] = useSpan('all');
  const [against, lay] = useAgainst(span);
  const [chosen] = useRankBy();
  const by = spoken ? 'time' : chosen;
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
        lead={pages.data && `${plural(total, one)} ${spanPhrase(span)}.`}
        control={
          <TimeControls span={span} against={against} spans={spans.data} onChoose={choose} onLay={lay} />
        }
      />
      {!spoken && (
        <div className="mb-5 flex flex-wrap items-center justify-between gap-4">
          <RankBy />
          {kind === 'tracks' && items.length > 0 && (
            <MakePlaylist suggested={span === 'all' ? 'My top tracks' : `My top tracks ${spanPhrase(span)}`} ids={items.map(({ id }) => id)} />
          )}
        </div>
      )}
      {pages.isPending && <SkeletonRows rows={10} />}
      {pages.isError && !pages.data && <Trouble error={pages.error} what={`rank your ${kind}`} onRetry={() => void pages.refetch()} />}
      {pages.data && (
        <div className="grid gap-x-12 lg:grid-cols-[minmax(0,48rem)_minmax(16rem,1fr)]">
          <div className="max-lg:mb-8 lg:order-2">{against && <Gone kind={kind} by={by} span={span} against={against} />}</div>
          <div>
            <RankedList items={items} by={by} linkTo={rankedLink(kind, span)} />
            <div className="mt-4">
              <Further pages={pages} label="Further down" what="rank the rest">
                {total > 0 && <p className="text-muted">That is all of them.</p>}
              </Further>
            </div>
          </div>
        </div>
      )}
    </>
  );
}
