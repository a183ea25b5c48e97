import { useState } from 'react';
import { useListPlayChanges } from '@/api/generated';
import type { PlayChangeShown } from '@/api/generated/model';
import { useCare } from '@/components/listening/useCare';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { QueryView } from '@/components/ui/QueryView';
import { ago, plural } from '@/lib/format';
import { useZone } from '@/lib/useZone';

const SAID: Record<PlayChangeShown['kind'], string> = { deleted: 'deleted', corrected: 'corrected', added: 'added' };

/** What was done to plays by hand and still stands; each can be taken back, however long ago it was. */
export function DoneByHand() {
  const zone = useZone();
  const [open, setOpen] = useState(false);
  const changes = useListPlayChanges();
  const care = useCare();
  const standing = changes.data?.items.length ?? 0;
  if (standing === 0) return null;
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {plural(standing, 'change')} by hand
      </Button>
      <Dialog open={open && standing > 0} title="Done by hand" onClose={() => setOpen(false)}>
        <QueryView query={changes} what="fetch what was done by hand">
          {({ items }) => (
            <ul>
              {items.map((change) => (
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
          )}
        </QueryView>
      </Dialog>
    </>
  );
}
