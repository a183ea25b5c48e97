import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useDeletePost } from '@/api/generated';
import type { Post } from '@/api/generated/model';
import { WrapSleeve } from '@/components/listening/WrapSleeve';
import { Avatar } from '@/components/ui/Avatar';
import { Button, IconButton } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { notDone } from '@/components/ui/States';
import { ago } from '@/lib/format';
import { useCommunityRefresh } from '@/lib/useCommunityRefresh';
import { useZone } from '@/lib/useZone';
import { useToasts } from '@/stores/toasts';
import { Comments } from './Comments';
import { Reactions } from './Reactions';

export function PostCard({ post }: { post: Post }) {
  const zone = useZone();
  return (
    <article aria-label={`Post by ${post.author.display_name}`} className="py-8 first:pt-0">
      <header className="flex items-center gap-3.5">
        <Avatar handle={post.author.handle} name={post.author.display_name} />
        <div className="min-w-0 flex-1">
          <Link to={`/people/${post.author.handle}`} className="font-medium hover:underline">
            {post.author.display_name}
          </Link>
          <p className="text-muted">
            @{post.author.handle}, <time dateTime={post.created_at}>{ago(post.created_at, zone)}</time>
          </p>
        </div>
        {post.mine && <Delete post={post} />}
      </header>
      {post.text && <p className="mt-4 max-w-[62ch] whitespace-pre-line">{post.text}</p>}
      {post.wrap && (
        <div className="mt-4">
          <WrapSleeve wrap={post.wrap} />
        </div>
      )}
      <Reactions post={post} />
      <Comments post={post} />
    </article>
  );
}

/** Asks first: what others said goes with it. */
function Delete({ post }: { post: Post }) {
  const [asking, setAsking] = useState(false);
  const refresh = useCommunityRefresh();
  const say = useToasts((state) => state.say);
  const remove = useDeletePost({
    mutation: {
      onSuccess: () => {
        setAsking(false);
        return refresh();
      },
      onError: (error) => say(notDone('The post is still there.', error), 'trouble'),
    },
  });
  return (
    <>
      <IconButton label="Delete this post" onClick={() => setAsking(true)}>
        <Trash2 size={17} aria-hidden />
      </IconButton>
      <Dialog open={asking} title="Delete this post?" onClose={() => setAsking(false)}>
        <p>It is gone for good, with every comment and reaction. Your listening stays as it is.</p>
        <div className="mt-6 flex justify-end gap-3">
          <Button onClick={() => setAsking(false)}>Keep it</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate({ postId: post.id })}>
            Delete post
          </Button>
        </div>
      </Dialog>
    </>
  );
}
