import { useInfiniteQuery } from '@tanstack/react-query';
import { getReadFeedQueryKey, readFeed, useReadAccount } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { PageHead } from '@/components/ui/Panel';
import { Empty, SkeletonRows, Trouble } from '@/components/ui/States';
import { useTitle } from '@/lib/useTitle';
import { Compose } from './Compose';
import { PeopleSearch } from './PeopleSearch';
import { PostCard } from './PostCard';

/** What the people one follows are listening to. */
export function CommunityPage() {
  useTitle('Community');
  const account = useReadAccount().data;
  const feed = useInfiniteQuery({
    queryKey: [...getReadFeedQueryKey(), 'pages'],
    queryFn: ({ pageParam, signal }) => readFeed(pageParam ? { before: pageParam } : undefined, undefined, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next_before,
  });
  const posts = feed.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHead title="Community" lead="Only people you follow are in here, in the order they wrote." />
      <div className="grid gap-x-16 gap-y-12 lg:grid-cols-[minmax(0,2fr)_minmax(16rem,1fr)]">
        <div className="min-w-0">
          <Compose />
          {posts === undefined && feed.isError && (
            <Trouble error={feed.error} what="fetch your feed" onRetry={() => void feed.refetch()} className="my-8" />
          )}
          {posts === undefined && !feed.isError && <SkeletonRows />}
          {posts?.length === 0 && (
            <Empty title="Quiet in here">Follow somebody, or post the first word yourself. Share a wrap to begin with.</Empty>
          )}
          <div className="divide-y divide-line">
            {posts?.map((post) => <PostCard key={post.id} post={post} />)}
          </div>
          {feed.hasNextPage && (
            <Button className="mt-6" busy={feed.isFetchingNextPage} onClick={() => void feed.fetchNextPage()}>
              Show older posts
            </Button>
          )}
        </div>
        <aside className="max-lg:order-first">
          <PeopleSearch mine={account?.handle} />
        </aside>
      </div>
    </>
  );
}
