import { useState } from 'react';
import { Link } from 'react-router';
import { useDeleteComment, useWriteComment } from '@/api/generated';
import type { PersonRef, Post } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { MADE_ONCE, notDone } from '@/components/ui/States';
import { ago } from '@/lib/format';
import { useCommunityRefresh } from '@/lib/useCommunityRefresh';
import { useZone } from '@/lib/useZone';
import { useToasts } from '@/stores/toasts';
import { BlockDialog } from './BlockDialog';

export function Comments({ post }: { post: Post }) {
  const zone = useZone();
  const [text, setText] = useState('');
  const [unwelcome, setUnwelcome] = useState<PersonRef | null>(null);
  const refresh = useCommunityRefresh();
  const say = useToasts((state) => state.say);
  const write = useWriteComment({
    mutation: {
      onSuccess: () => {
        setText('');
        return refresh();
      },
      onError: (error) => say(notDone('Your comment did not go out.', error, MADE_ONCE), 'trouble'),
    },
  });
  const remove = useDeleteComment({
    mutation: { onSuccess: refresh, onError: (error) => say(notDone('The comment is still there.', error), 'trouble') },
  });
  return (
    <div className="mt-4">
      <ul className="space-y-3">
        {post.comments.map((comment) => (
          <li key={comment.id} className="border-l border-line pl-4">
            <p>
              <Link to={`/people/${comment.author.handle}`} className="font-medium hover:underline">
                {comment.author.display_name}
              </Link>{' '}
              <span className="whitespace-pre-line">{comment.text}</span>
            </p>
            <p className="text-muted">
              {ago(comment.created_at, zone)}
              {(comment.mine || post.mine) && (
                <button
                  type="button"
                  className="ml-3 min-h-8 hover:text-ink hover:underline"
                  disabled={remove.isPending}
                  onClick={() => remove.mutate({ commentId: comment.id })}
                >
                  Delete
                </button>
              )}
              {!comment.mine && (
                <button type="button" className="ml-3 min-h-8 hover:text-ink hover:underline" onClick={() => setUnwelcome(comment.author)}>
                  Block {comment.author.display_name}
                </button>
              )}
            </p>
          </li>
        ))}
      </ul>
      <BlockDialog person={unwelcome} onClose={() => setUnwelcome(null)} />
      <form
        className="mt-3 flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) write.mutate({ postId: post.id, data: { text: text.trim() } });
        }}
      >
        <input
          aria-label={`Comment on the post by ${post.author.display_name}`}
          placeholder="Say something"
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="min-h-11 min-w-0 flex-1 rounded-round border border-line bg-transparent px-5 placeholder:text-muted"
        />
        <Button type="submit" look="quiet" busy={write.isPending} disabled={!text.trim()}>
          Send
        </Button>
      </form>
    </div>
  );
}
