import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getListImportsQueryKey, useListImports } from '@/api/generated';
import type { Import } from '@/api/generated/model';
import { Button, ButtonLink } from '@/components/ui/Button';
import { PageHead, Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Trouble } from '@/components/ui/States';
import { count } from '@/lib/format';
import { useTitle } from '@/lib/useTitle';
import { DropZone } from './DropZone';
import { History } from './History';
import { HowTo } from './HowTo';
import { Ledger } from './Ledger';
import { isUnderWay, useImportWatch } from './useImportWatch';
import { Running, Sending } from './UnderWay';
import { useUpload } from './useUpload';

const [IMPORTS] = getListImportsQueryKey();

/** Bring your history: lay the file down, watch it land, read the ledger. */
export function ImportPage() {
  useTitle('Import');
  const imports = useListImports();
  const [watched, setWatched] = useState<number | null>(null);
  const { upload, send, forget } = useUpload((started) => setWatched(started.id));
  const underWay = imports.data?.find(isUnderWay);
  const { connected } = useImportWatch(underWay);
  if (underWay && underWay.id !== watched) setWatched(underWay.id);
  const finished = imports.data?.find((item) => item.id === watched && !isUnderWay(item));
  const outcome = finished && `${finished.id} ${finished.state}`;
  const client = useQueryClient();
  // A small import may be done before anybody could watch it: whatever was known about the history is asked anew.
  useEffect(() => {
    if (outcome) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== IMPORTS });
  }, [client, outcome]);

  return (
    <>
      <PageHead
        title="Bring your history"
        lead="Nothing is asked of Spotify: your own export is all it takes, and every row of it gets a verdict."
      />
      {upload?.error ? (
        <div className="mb-8">
          <Trouble
            error={upload.error}
            what={`take in ${upload.file.name}`}
            safe="Nothing of this file was kept, and your history is as it was before."
            onRetry={() => void send(upload.file)}
          />
          <Button look="quiet" className="mt-2" onClick={forget}>
            Choose another file
          </Button>
        </div>
      ) : upload ? (
        <Sending name={upload.file.name} size={upload.file.size} sent={upload.sent} />
      ) : underWay ? (
        <Running item={underWay} connected={connected} />
      ) : finished ? (
        <Finished item={finished} onAnother={() => setWatched(null)} />
      ) : (
        <DropZone onFile={(file) => void send(file)} />
      )}
      <div className="mt-14 space-y-14">
        <HowTo />
        <QueryView query={imports} what="fetch your earlier imports" empty={(items) => items.length === 0 && <></>}>
          {(items) => (
            <Panel title={items.length === 1 ? 'One import so far' : `${count(items.length)} imports so far`}>
              <History items={items} />
            </Panel>
          )}
        </QueryView>
      </div>
    </>
  );
}

function Finished({ item, onAnother }: { item: Import; onAnother: () => void }) {
  const title =
    item.state === 'undone'
      ? 'These plays are out of your history'
      : item.state === 'failed'
        ? 'This import stopped'
        : `${count(item.totals.accepted)} plays are in`;
  return (
    <section aria-label="Ledger of this import" className="rounded-panel border border-line p-6 sm:p-10">
      <h2 className="display text-display">{title}</h2>
      <p className="mt-3 mb-8 text-muted">
        {item.error ?? `${item.file_name}: every one of its ${count(item.totals.rows)} rows is accounted for.`}
      </p>
      <Ledger item={item} />
      <div className="mt-8 flex flex-wrap gap-3">
        <ButtonLink look="signal" to="/home">
          See what is in it
        </ButtonLink>
        <Button onClick={onAnother}>Import another file</Button>
      </div>
    </section>
  );
}
