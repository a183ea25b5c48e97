import { useReactToPost, useTakeReactionBack } from '@/api/generated';
import type { Post } from '@/api/generated/model';
import { cx } from '@/components/ui/classes';
import { notDone } from '@/components/ui/States';
import { useCommunityRefresh } from '@/lib/useCommunityRefresh';
import { useToasts } from '@/stores/toasts';
import { REACTIONS } from './reactionWords';

export function Reactions({ post }: { post: Post }) {
  const refresh = useCommunityRefresh();
  const say = useToasts((state) => state.say);
  const options = {
    mutation: {
      onSuccess: refresh,
      onError: (error: unknown) => say(notDone('That was not kept.', error), 'trouble'),
    },
  };
  const add = useReactToPost(options);
  const remove = useTakeReactionBack(options);
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      {REACTIONS.map(({ kind, words }) => {
        const mine = post.my_reactions.includes(kind);
        const count = post.reactions[kind] ?? 0;
        return (
          <button
            key={kind}
            type="button"
            aria-pressed={mine}
            disabled={add.isPending || remove.isPending}
            onClick={() => (mine ? remove : add).mutate({ postId: post.id, kind })}
            className={cx(
              'min-h-10 rounded-round border px-4 transition-colors',
              mine ? 'border-signal text-signal-text' : 'border-line text-muted hover:border-muted hover:text-ink',
            )}
          >
            {words}
            {count > 0 && <span className="ml-2">{count}</span>}
          </button>
        );
      })}
    </div>
  );
}
