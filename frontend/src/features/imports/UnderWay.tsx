import type { Import } from '@/api/generated/model';
import { GrooveProgress } from '@/components/groove/GrooveProgress';
import { bytes, count } from '@/lib/format';
import { shareDone, VERDICT_NAMES, verdictWords } from './words';

/** The file on its way to the server. */
export function Sending({ name, size, sent }: { name: string; size: number; sent: number }) {
  return (
    <Stage
      share={sent}
      label="Upload progress"
      title="Sending your file"
      text={`${name}: ${bytes(size * sent)} of ${bytes(size)}`}
      safe="Keep this page open until it has arrived. If the connection breaks, nothing of it is kept and you can send it again."
    />
  );
}

/** Rows landing in the groove. */
export function Running({ item, connected }: { item: Import; connected: boolean }) {
  const { totals } = item;
  const undoing = item.state === 'undoing';
  return (
    <Stage
      share={undoing ? null : shareDone(item)}
      label="Import progress"
      title={undoing ? 'Taking these plays back out' : item.state === 'queued' ? 'Waiting for its turn' : 'Cutting your groove'}
      text={
        undoing
          ? item.file_name
          : `${count(totals.rows)}${totals.total_rows ? ` of ${count(totals.total_rows)}` : ''} rows from ${item.file_name}`
      }
      safe={
        connected
          ? 'You can close this page: the work goes on, and the ledger will be here.'
          : 'The connection was lost; it is being made again. The rows read so far are safe and the work goes on.'
      }
    >
      {!undoing && (
        <dl className="mt-6 grid max-w-sm grid-cols-2 gap-x-8 gap-y-1">
          {VERDICT_NAMES.map((verdict) => (
            <div key={verdict} className="flex justify-between gap-4 border-t border-line py-1.5">
              <dt className="text-muted">{verdictWords(verdict).title}</dt>
              <dd>{count(totals[verdict])}</dd>
            </div>
          ))}
        </dl>
      )}
    </Stage>
  );
}

interface StageProps {
  share: number | null;
  label: string;
  title: string;
  text: string;
  safe: string;
  children?: React.ReactNode;
}

function Stage({ share, label, title, text, safe, children }: StageProps) {
  return (
    <section className="grid items-center gap-x-12 gap-y-6 rounded-panel border border-line p-6 sm:grid-cols-[minmax(14rem,24rem)_1fr] sm:p-10">
      <GrooveProgress share={share} label={label} className="mx-auto w-64 sm:w-full" />
      <div>
        <h2 className="title">{title}</h2>
        <p className="mt-2">{text}</p>
        <p className="mt-2 max-w-[46ch] text-muted">{safe}</p>
        {children}
      </div>
    </section>
  );
}
