import { getListBlockedQueryKey, listBlocked, useUnblockPerson } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { PeopleList } from '@/components/ui/PeopleList';
import { notDone } from '@/components/ui/States';
import { useCommunityRefresh } from '@/lib/useCommunityRefresh';
import { useToasts } from '@/stores/toasts';

/** Whom one blocked, each with the way back: no search finds them any more. */
export function Blocked() {
  const refresh = useCommunityRefresh();
  const say = useToasts((state) => state.say);
  const unblock = useUnblockPerson({
    mutation: { onSuccess: refresh, onError: (error) => say(notDone('They are still blocked.', error), 'trouble') },
  });
  return (
    <PeopleList
      queryKey={getListBlockedQueryKey()}
      ask={(params, signal) => listBlocked(params, undefined, signal)}
      what="fetch whom you blocked"
      nobody="Nobody. A person’s page and each comment offer it."
      act={(person) => (
        <Button
          look="quiet"
          aria-label={`Unblock ${person.display_name}`}
          busy={unblock.isPending && unblock.variables.handle === person.handle}
          onClick={() => unblock.mutate({ handle: person.handle })}
        >
          Unblock
        </Button>
      )}
    />
  );
}
