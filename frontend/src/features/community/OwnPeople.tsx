import { getListFollowersQueryKey, getListFollowingQueryKey, listFollowers, listFollowing, useRemoveFollower } from '@/api/generated';
import type { Profile } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { PeopleList } from '@/components/ui/PeopleList';
import { notDone } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { useCommunityRefresh } from '@/lib/useCommunityRefresh';
import { useToasts } from '@/stores/toasts';
import { FollowButton } from './FollowButton';

/** At first; the posts stand below. */
const A_FEW = 6;

/** On one's own page: who follows, and whom one follows, each with the way to end it. */
export function OwnPeople({ me }: { me: Profile }) {
  const refresh = useCommunityRefresh();
  const say = useToasts((state) => state.say);
  const remove = useRemoveFollower({
    mutation: { onSuccess: refresh, onError: (error) => say(notDone('They still follow you.', error), 'trouble') },
  });
  return (
    <div className="mb-14 grid gap-x-16 gap-y-12 lg:grid-cols-2">
      <Panel
        title={`${plural(me.followers ?? 0, 'person follows', 'people follow')} you`}
        note="They see what you post. Whom you remove is not told, and may follow again; a block ends that."
      >
        <PeopleList
          queryKey={getListFollowersQueryKey()}
          ask={(params, signal) => listFollowers({ ...params, limit: A_FEW }, undefined, signal)}
          what="fetch who follows you"
          nobody="Nobody yet."
          act={(person) => (
            <Button
              look="quiet"
              aria-label={`Remove ${person.display_name} from who follows you`}
              busy={remove.isPending && remove.variables.handle === person.handle}
              onClick={() => remove.mutate({ handle: person.handle })}
            >
              Remove
            </Button>
          )}
        />
      </Panel>
      <Panel title={`You follow ${plural(me.following ?? 0, 'person', 'people')}`} note="What they post is in your feed.">
        <PeopleList
          queryKey={getListFollowingQueryKey()}
          ask={(params, signal) => listFollowing({ ...params, limit: A_FEW }, undefined, signal)}
          what="fetch whom you follow"
          nobody="Nobody yet. Community finds people by name."
          act={(person) => <FollowButton person={person} />}
        />
      </Panel>
    </div>
  );
}
