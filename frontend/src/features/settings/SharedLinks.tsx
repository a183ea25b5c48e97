import { useQueryClient } from '@tanstack/react-query';
import { getListSharesQueryKey, useListShares, useRevokeShare } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { QueryView } from '@/components/ui/QueryView';
import { notDone } from '@/components/ui/States';
import { dateOf } from '@/lib/format';
import { spanLabel } from '@/lib/span';
import { useZone } from '@/lib/useZone';
import { useToasts } from '@/stores/toasts';

export function SharedLinks() {
  const zone = useZone();
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const shares = useListShares();
  const revoke = useRevokeShare({
    mutation: {
      onSuccess: () => client.invalidateQueries({ queryKey: getListSharesQueryKey() }),
      onError: (error) => say(notDone('The link still opens.', error), 'trouble'),
    },
  });
  return (
    <QueryView
      query={shares}
      what="fetch your links"
      empty={(data) => data.items.length === 0 && <p className="text-muted">None. A wrap offers one on its last screen.</p>}
    >
      {(data) => (
        <ul>
          {data.items.map((share) => (
            <li key={share.id} className="flex flex-wrap items-center justify-between gap-3 border-t border-line py-2">
              <a href={`/s/${share.token}`} className="hover:underline">
                {spanLabel(share.span)}
                <span className="text-muted"> until {dateOf(share.expires_at, zone)}</span>
              </a>
              <Button look="quiet" busy={revoke.isPending} onClick={() => revoke.mutate({ shareId: share.id })}>
                Take it back
              </Button>
            </li>
          ))}
        </ul>
      )}
    </QueryView>
  );
}
