import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { getListNotificationsQueryKey, useListNotifications, useMarkNotificationsRead } from '@/api/generated';
import type { Notification, Notifications } from '@/api/generated/model';
import { Avatar } from '@/components/ui/Avatar';
import { PageHead } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Empty } from '@/components/ui/States';
import { ago } from '@/lib/format';
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

/** What happened while one was away. Looking at it makes it read. */
export function NotificationsPage() {
  useTitle('News');
  const notifications = useListNotifications();
  const client = useQueryClient();
  const { mutate: markRead } = useMarkNotificationsRead({
    mutation: {
      // The count goes; the dots stay for this visit, so that one sees what was new.
      onSuccess: () =>
        client.setQueryData<Notifications>(getListNotificationsQueryKey(), (known) => known && { ...known, unread: 0 }),
    },
  });
  const unread = notifications.data?.unread ?? 0;
  useEffect(() => {
    if (unread > 0) markRead();
  }, [markRead, unread]);
  return (
    <>
      <PageHead title="News" />
      <QueryView
        query={notifications}
        what="fetch your news"
        empty={(data) =>
          data.items.length === 0 && <Empty title="Nothing new">When somebody follows you or answers, it is told here.</Empty>
        }
      >
        {(data) => (
          <ul className="max-w-2xl">
            {data.items.map((item) => (
              <li key={item.id} className="border-t border-line">
                <Line item={item} />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </>
  );
}

function whereTo({ kind, import_id, post_id, actor }: Notification): string {
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
        {WORDS[item.kind] ?? item.kind.replaceAll('_', ' ')}
        {item.detail && <span className="text-muted">: {reactionWords(item.detail)}</span>}
      </span>
      <span className="text-muted">{ago(item.created_at, zone)}</span>
      {!item.read && <span className="size-2 rounded-round bg-signal" role="img" aria-label="unread" />}
    </Link>
  );
}
