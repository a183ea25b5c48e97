import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { getListNotificationsQueryKey, listNotifications, useMarkNotificationsRead } from '@/api/generated';
import type { Notification } from '@/api/generated/model';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { PageHead } from '@/components/ui/Panel';
import { Empty, SkeletonRows, Trouble } from '@/components/ui/States';
import { ago } from '@/lib/format';
import { spanLabel } from '@/lib/span';
import { useTitle } from '@/lib/useTitle';
import { useZone } from '@/lib/useZone';
import { reactionWords } from './reactionWords';

const WORDS: Record<string, string> = {
  followed: 'follows you now',
  commented: 'wrote under your post',
  reacted: 'reacted to your post',
  import_done: 'Your import is done',
  import_failed: 'Your import stopped',
  spotify_reconnect: 'Spotify wants your permission again',
  spotify_ending: 'Spotify’s permission ends soon',
};

/** What happened while one was away. Looking at it makes it read, and nothing that came after it. */
export function NotificationsPage() {
  useTitle('News');
  const news = useInfiniteQuery({
    queryKey: [...getListNotificationsQueryKey(), 'pages'],
    queryFn: ({ pageParam, signal }) => listNotifications(pageParam ? { before: pageParam } : undefined, undefined, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next_before,
  });
  const client = useQueryClient();
  const { mutate: markRead } = useMarkNotificationsRead({
    mutation: {
      // The count beside the link goes; the dots stay for this visit, so that one sees what was new.
      onSuccess: () => client.invalidateQueries({ queryKey: getListNotificationsQueryKey(), exact: true }),
    },
  });
  const items = news.data?.pages.flatMap((page) => page.items);
  const unread = news.data?.pages[0]?.unread ?? 0;
  const newest = items?.[0]?.id;
  useEffect(() => {
    if (unread > 0 && newest !== undefined) markRead({ params: { until: newest } });
  }, [markRead, unread, newest]);
  return (
    <>
      <PageHead title="News" />
      {items === undefined && news.isError && (
        <Trouble error={news.error} what="fetch your news" onRetry={() => void news.refetch()} className="my-8" />
      )}
      {items === undefined && !news.isError && <SkeletonRows />}
      {items?.length === 0 && <Empty title="Nothing new">When somebody follows you or answers, and when a month is over, it is told here.</Empty>}
      <ul className="max-w-2xl">
        {items?.map((item) => (
          <li key={item.id} className="border-t border-line">
            <Line item={item} />
          </li>
        ))}
      </ul>
      {news.hasNextPage && (
        <Button className="mt-6" busy={news.isFetchingNextPage} onClick={() => void news.fetchNextPage()}>
          Show older news
        </Button>
      )}
    </>
  );
}

function whereTo({ kind, import_id, post_id, actor, span }: Notification): string {
  if (span) return `/wraps/${span}`;
  if (kind.startsWith('spotify_')) return '/settings#spotify';
  if (import_id) return '/import';
  return post_id ? `/posts/${post_id}` : `/people/${actor?.handle ?? ''}`;
}

function Line({ item }: { item: Notification }) {
  const zone = useZone();
  return (
    <Link to={whereTo(item)} className="flex min-h-16 items-center gap-4 py-3 hover:bg-raised">
      {item.actor && <Avatar handle={item.actor.handle} name={item.actor.display_name} />}
      <span className="min-w-0 flex-1">
        {item.actor && <span className="font-medium">{item.actor.display_name} </span>}
        {item.span ? `${spanLabel(item.span)} is over: play its wrap` : (WORDS[item.kind] ?? item.kind.replaceAll('_', ' '))}
        {item.detail && <span className="text-muted">: {reactionWords(item.detail)}</span>}
      </span>
      <span className="text-muted">{ago(item.created_at, zone)}</span>
      {!item.read && <span className="size-2 rounded-round bg-signal" role="img" aria-label="unread" />}
    </Link>
  );
}
