import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getListPlayChangesQueryKey, listPlayChanges } from '@/api/generated';
import type { PlayChangeShown } from '@/api/generated/model';
import { Further } from '@/components/listening/Further';
import { useCare } from '@/components/listening/useCare';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { ago, plural } from '@/lib/format';
import { useZone } from '@/lib/useZone';

const SAID: Record<PlayChangeShown['kind'], string> = { deleted: 'deleted', corrected: 'corrected', added: 'added' };

/** What was done to plays by hand and still stands; each can be taken back, however long ago it was. */
export function DoneByHand() {
  const zone = useZone();
  const [open, setOpen] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: [...getListPlayChangesQueryKey(), 'pages'],
    queryFn: ({ pageParam, signal }) => listPlayChanges(pageParam ? { before: pageParam } : undefined, undefined, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next_before,
  });
  const care = useCare();
  const standing = pages.data?.pages[0]?.total ?? 0;
  if (standing === 0) return null;
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {plural(standing, 'change')} by hand
      </Button>
      <Dialog open={open} title="Done by hand" onClose={() => setOpen(false)}>
        <ul>
          {pages.data?.pages
            .flatMap(({ items }) => items)
            .map((change) => (
              <li key={change.id} className="flex items-center justify-between gap-3 border-t border-line py-2">
                <span>
                  {plural(change.plays, 'play')} {SAID[change.kind]} <span className="text-muted">{ago(change.made_at, zone)}</span>
                </span>
                <Button look="quiet" busy={care.busy} onClick={() => care.takeBack(change.id)}>
                  Take back
                </Button>
              </li>
            ))}
        </ul>
        <Further pages={pages} label="Further back" what="fetch what was done before" />
      </Dialog>
    </>
  );
}
