import { useBlockPerson } from '@/api/generated';
import type { PersonRef } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { notDone } from '@/components/ui/States';
import { useCommunityRefresh } from '@/lib/useCommunityRefresh';
import { useToasts } from '@/stores/toasts';

/** Asks before somebody is blocked. */
export function BlockDialog({ person, onClose }: { person: Pick<PersonRef, 'handle' | 'display_name'> | null; onClose: () => void }) {
  const refresh = useCommunityRefresh();
  const say = useToasts((state) => state.say);
  const block = useBlockPerson({
    mutation: {
      onSuccess: () => {
        onClose();
        return refresh();
      },
      onError: (error) => say(notDone('That did not work.', error), 'trouble'),
    },
  });
  return (
    <Dialog open={person !== null} title={`Block ${person?.display_name ?? ''}?`} onClose={onClose}>
      <p>Neither of you sees the other from now on, and following ends both ways. You can take it back at any time, in Settings.</p>
      <div className="mt-6 flex justify-end gap-3">
        <Button onClick={onClose}>Not now</Button>
        <Button look="danger" busy={block.isPending} onClick={() => person && block.mutate({ handle: person.handle })}>
          Block
        </Button>
      </div>
    </Dialog>
  );
}
