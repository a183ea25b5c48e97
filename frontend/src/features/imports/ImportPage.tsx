import { useListImports } from '@/api/generated';
import type { Import } from '@/api/generated/model';
import { Button, ButtonLink } from '@/components/ui/Button';
import { PageHead, Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Trouble } from '@/components/ui/States';
import { bytes, count } from '@/lib/format';
import { isLost } from '@/lib/http';
import { isUnderWay } from '@/lib/imports';
import { useTitle } from '@/lib/useTitle';
import { useConnection } from '@/stores/connection';
import { useUploads } from '@/stores/uploads';
import { DropZone } from './DropZone';
import { bodyOf, type Parcel } from './gather';
import { History, PAGE } from './History';
import { HowTo } from './HowTo';
import { Ledger } from './Ledger';
import { Lane, Running, Sending } from './UnderWay';
import { bringsMoreThanPlays, broughtWords, shareDone, stateWords } from './words';

function soFar(imports: number): string {
  if (imports === 1) return 'One import so far';
  return imports < PAGE ? `${count(imports)} imports so far` : `The latest ${count(PAGE)} imports`;
}

/** Bring your history: lay the files down, watch it land, read the ledger. */
export function ImportPage() {
  useTitle('Import');
  const imports = useListImports();
  const { uploads, watched, send: ship, again, forget, watch } = useUploads();
  const connected = useConnection((state) => state.following);
  const send = (parcels: Parcel[]) =>
    ship(parcels.map((parcel) => ({ name: parcel.name, size: parcel.size, body: (onShare) => bodyOf(parcel, onShare) })));
  const failed = uploads.filter(({ state }) => state === 'failed');
  const [sending, ...waiting] = uploads.filter(({ state }) => state !== 'failed');
  // what began first is shown large; the list is newest first
  const all = imports.data?.filter(isUnderWay) ?? [];
  const underWay = all.at(-1);
  const others = sending ? all : all.slice(0, -1);
  const finished = imports.data?.find((item) => item.id === watched && !isUnderWay(item));

  return (
    <>
      <PageHead
        title="Bring your history"
        lead="Nothing is asked of Spotify: your own export is all it takes, and every row of it gets a verdict."
      />
      {failed.map((upload) => (
        <div key={upload.key} className="mb-8">
          <Trouble
            error={upload.error}
            what={`take in ${upload.name}`}
            // what has not left this machine as a whole cannot have arrived as a whole
            safe={
              isLost(upload.error) && upload.share === 1
                ? 'It may have arrived all the same. You can send it again: it is taken in only once.'
                : 'Nothing of it was kept, and your history is as it was before.'
            }
            byHand
            onRetry={() => again(upload.key)}
          />
          <Button look="quiet" className="mt-2" onClick={() => forget(upload.key)}>
            Leave it out
          </Button>
        </div>
      ))}
      {sending ? (
        <Sending upload={sending} />
      ) : underWay ? (
        <Running item={underWay} connected={connected} />
      ) : finished ? (
        <Finished item={finished} onAnother={() => watch(null)} />
      ) : (
        <DropZone onParcels={send} />
      )}
      {(sending || underWay) && (
        <div className="mt-6 space-y-6">
          {(waiting.length > 0 || others.length > 0) && (
            <ul aria-label="Also on its way">
              {others.map((item) => (
                <Lane
                  key={`import ${item.id}`}
                  name={item.file_name}
                  text={`${stateWords(item.state)}${item.totals.rows ? `, ${count(item.totals.rows)} rows` : ''}`}
                  share={shareDone(item)}
                />
              ))}
              {waiting.map((upload) => (
                <Lane key={`upload ${upload.key}`} name={upload.name} text={bytes(upload.size)} share={null} />
              ))}
            </ul>
          )}
          <DropZone small onParcels={send} />
        </div>
      )}
      <div className="mt-14 space-y-14">
        <HowTo />
        <QueryView query={imports} what="fetch your earlier imports" empty={(items) => items.length === 0 && <></>}>
          {(items) => (
            <Panel title={soFar(items.length)}>
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
      ? bringsMoreThanPlays(item)
        ? 'What this import brought is out again'
        : 'These plays are out of your history'
      : item.state === 'failed'
        ? 'This import stopped'
        : item.totals.accepted === 1
          ? `${broughtWords(item)} is in`
          : `${broughtWords(item)} are in`;
  return (
    <section aria-label="Ledger of this import" className="rounded-panel border border-line p-6 sm:p-10">
      <h2 className="display text-display">{title}</h2>
      <p className="mt-3 mb-8 text-muted">
        {item.error ?? `${item.file_name}: every one of the ${count(item.totals.rows)} rows is accounted for.`}
      </p>
      <Ledger item={item} />
      <div className="mt-8 flex flex-wrap gap-3">
        <ButtonLink look="signal" to="/home">
          See what is in it
        </ButtonLink>
        <Button onClick={onAnother}>Import more</Button>
      </div>
    </section>
  );
}
