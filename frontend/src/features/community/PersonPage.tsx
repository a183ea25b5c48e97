import { useState } from 'react';
import { useParams } from 'react-router';
import { useReadPerson, useUnblockPerson } from '@/api/generated';
import type { Profile } from '@/api/generated/model';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { QueryView } from '@/components/ui/QueryView';
import { Empty, notDone } from '@/components/ui/States';
import { count, dateOf, plural } from '@/lib/format';
import { useCommunityRefresh } from '@/lib/useCommunityRefresh';
import { useTitle } from '@/lib/useTitle';
import { useZone } from '@/lib/useZone';
import { useToasts } from '@/stores/toasts';
import { BlockDialog } from './BlockDialog';
import { FollowButton } from './FollowButton';
import { OwnPeople } from './OwnPeople';
import { PostCard } from './PostCard';
import { TastePanel } from './TastePanel';

/** Somebody, as far as they show themselves. */
export function PersonPage() {
  const zone = useZone();
  const { handle = '' } = useParams();
  const person = useReadPerson(handle);
  useTitle(person.data?.display_name ?? `@${handle}`);
  return (
    <QueryView query={person} what={`open the page of @${handle}`}>
      {(data) => (
        <>
          <header className="mb-10 flex flex-wrap items-end gap-x-8 gap-y-5">
            <Avatar handle={data.handle} name={data.display_name} className="size-28" />
            <div className="min-w-0 flex-1 basis-64">
              <h1 className="display text-display">{data.display_name}</h1>
              <p className="mt-3 text-muted">
                @{data.handle}
                {data.joined_at && `, here since ${dateOf(data.joined_at, zone)}`}.{' '}
                {data.followers !== null && `${plural(data.followers, 'follower')}, follows ${count(data.following ?? 0)}.`}
                {data.follows_me && ' Follows you.'}
              </p>
            </div>
            {!data.is_me && <Standing person={data} />}
          </header>
          {data.is_me && <OwnPeople me={data} />}
          {data.is_following && <TastePanel person={data} />}
          <Posts person={data} />
        </>
      )}
    </QueryView>
  );
}

function Posts({ person }: { person: Profile }) {
  if (person.posts.length > 0) {
    return (
      <div className="max-w-3xl divide-y divide-line">
        {person.posts.map((post) => (
          <PostCard key={post.id} post={post} />
        ))}
      </div>
    );
  }
  if (person.is_blocked) {
    return <Empty title="You have blocked this person">Neither of you sees what the other says or shows.</Empty>;
  }
  const hidden = !person.is_me && !person.is_following;
  return (
    <Empty title={hidden ? 'Posts are for followers' : 'No posts yet'}>
      {hidden ? `Follow ${person.display_name} to see what they share.` : 'A wrap makes a good first one.'}
    </Empty>
  );
}

function Standing({ person }: { person: Profile }) {
  const [asking, setAsking] = useState(false);
  const refresh = useCommunityRefresh();
  const say = useToasts((state) => state.say);
  const unblock = useUnblockPerson({
    mutation: { onSuccess: refresh, onError: (error) => say(notDone('That did not work.', error), 'trouble') },
  });
  if (person.is_blocked) {
    return (
      <Button busy={unblock.isPending} onClick={() => unblock.mutate({ handle: person.handle })}>
        Unblock
      </Button>
    );
  }
  return (
    <div className="flex gap-3">
      <FollowButton person={person} />
      <Button look="quiet" onClick={() => setAsking(true)}>
        Block
      </Button>
      <BlockDialog person={asking ? person : null} onClose={() => setAsking(false)} />
    </div>
  );
}
