import { useFollowPerson, useUnfollowPerson } from '@/api/generated';
import type { Person } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { notDone } from '@/components/ui/States';
import { useCommunityRefresh } from '@/lib/useCommunityRefresh';
import { useToasts } from '@/stores/toasts';

export function FollowButton({ person }: { person: Pick<Person, 'handle' | 'display_name' | 'is_following'> }) {
  const refresh = useCommunityRefresh();
  const say = useToasts((state) => state.say);
  const options = {
    mutation: {
      onSuccess: refresh,
      onError: (error: unknown) => say(notDone('That did not work.', error), 'trouble'),
    },
  };
  const follow = useFollowPerson(options);
  const unfollow = useUnfollowPerson(options);
  return (
    <Button
      look={person.is_following ? 'plain' : 'signal'}
      aria-pressed={person.is_following}
      aria-label={`${person.is_following ? 'Unfollow' : 'Follow'} ${person.display_name}`}
      busy={follow.isPending || unfollow.isPending}
      onClick={() => (person.is_following ? unfollow : follow).mutate({ handle: person.handle })}
    >
      {person.is_following ? 'Following' : 'Follow'}
    </Button>
  );
}
