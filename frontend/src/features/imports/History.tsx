import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useListImports, useUndoImport } from '@/api/generated';
import type { Import, ImportFile } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { QueryView } from '@/components/ui/QueryView';
import { notDone } from '@/components/ui/States';
import { bytes, count, moment } from '@/lib/format';
import { undoingStopped } from '@/lib/imports';
import { useZone } from '@/lib/useZone';
import { useToasts } from '@/stores/toasts';
import { Ledger } from './Ledger';
import { bringsMoreThanPlays, broughtWords, sourceWords, stateWords, VERDICT_NAMES, verdictWords } from './words';

/** How many imports the server tells at once. */
export const PAGE = 100;

/** Every import there ever was, each with its ledger and a way back. */
export function History({ items }: { items: Import[] }) {
  const [undoing, setUndoing] = useState<Import | null>(null);
  const zone = useZone();
  return (
    <>
      <ul>
        {items.map((item) => (
          <li key={item.id} className="border-t border-line">
            <details>
              <summary className="flex min-h-14 list-none flex-wrap items-center justify-between gap-x-6 py-3">
                <span className="min-w-0">
                  <span className="font-medium">{item.file_name}</span>
                  <span className="text-muted">
                    {' '}
                    {sourceWords(item.source)}, {bytes(item.bytes)}, {moment(item.created_at, zone)}
                  </span>
                </span>
                <span className="text-muted">
                  {item.state === 'done' ? broughtWords(item) : undoingStopped(item) ? 'undoing stopped' : stateWords(item.state)}
                </span>
              </summary>
              <div className="pt-2 pb-8">
                {item.error && <p className="mb-5 border-l-2 border-signal pl-4">{item.error}</p>}
                <Ledger item={item} />
                {item.files.length > 1 && <Files item={item} />}
                {(item.state === 'done' || item.state === 'failed' || undoingStopped(item)) && (
                  <Button look="danger" className="mt-6" onClick={() => setUndoing(item)}>
                    {undoingStopped(item) ? 'Undo again' : 'Undo this import'}
                  </Button>
                )}
              </div>
            </details>
          </li>
        ))}
      </ul>
      {items.length === PAGE && <Older before={items.at(-1)?.id} />}
      <UndoDialog item={undoing} onClose={() => setUndoing(null)} />
    </>
  );
}

function Older({ before }: { before: number | undefined }) {
  const [wanted, setWanted] = useState(false);
  const query = useListImports({ before }, { query: { enabled: wanted } });
  if (!wanted) return <Button onClick={() => setWanted(true)}>Further back</Button>;
  return (
    <QueryView
      query={query}
      what="fetch your earlier imports"
      empty={(items) => items.length === 0 && <p className="text-muted">That was the first one.</p>}
    >
      {(items) => <History items={items} />}
    </QueryView>
  );
}

function Files({ item }: { item: Import }) {
  return (
    <details className="mt-5">
      <summary className="text-muted hover:text-ink">{item.files.length} files in it</summary>
      <ul className="mt-2">
        {item.files.map((file) => (
          <li key={file.id} className="flex flex-wrap justify-between gap-x-6 border-t border-line py-1.5">
            <span className="min-w-0 break-all">{file.name}</span>
            <span className="text-muted">{file.error ?? (file.rows ? sums(file) : stateWords(file.state))}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** “900 accepted + 100 duplicate = 1,000 rows”. */
function sums(file: ImportFile): string {
  const told = VERDICT_NAMES.filter((verdict) => file[verdict] > 0);
  return `${told.map((verdict) => `${count(file[verdict])} ${verdictWords(verdict).title}`).join(' + ')} = ${count(file.rows)} rows`;
}

function UndoDialog({ item, onClose }: { item: Import | null; onClose: () => void }) {
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const undo = useUndoImport({
    mutation: {
      onSuccess: () => {
        onClose();
        say('What this import brought is being taken out.');
        void client.invalidateQueries();
      },
      onError: (error) => say(notDone('We could not undo it.', error), 'trouble'),
    },
  });
  return (
    <Dialog open={item !== null} title="Undo this import?" onClose={onClose}>
      {item && (
        <>
          <p>
            Your history will be as if {item.file_name} had never come: of its {broughtWords(item)} those
            that no other import tells leave, and every number follows. You can import it again later.
          </p>
          {bringsMoreThanPlays(item) && (
            <p className="mt-3">
              What you changed since stays: a playlist that you edited is yours.
            </p>
          )}
          <div className="mt-6 flex justify-end gap-3">
            <Button onClick={onClose}>Keep them</Button>
            <Button look="danger" busy={undo.isPending} onClick={() => undo.mutate({ importId: item.id })}>
              Undo import
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
