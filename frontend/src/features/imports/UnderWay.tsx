import type { Import } from '@/api/generated/model';
import { GrooveProgress } from '@/components/groove/GrooveProgress';
import { bytes, count } from '@/lib/format';
import type { Upload } from '@/stores/uploads';
import { shareDone, shareOfFile, stateWords, VERDICT_NAMES, verdictWords } from './words';

const SENDING_TITLES = {
  waiting: 'Waiting for its turn',
  preparing: 'Putting your files together',
  sending: 'Sending your history',
  failed: 'Not sent',
} as const;

/** A file, or several, on their way to the server. */
export function Sending({ upload: { name, size, state, share } }: { upload: Upload }) {
  return (
    <Stage
      share={state === 'waiting' ? null : share}
      label="Upload progress"
      title={SENDING_TITLES[state]}
      text={`${name}: ${bytes(size * share)} of ${bytes(size)}`}
      safe="You can look at other pages meanwhile; only keep Tonearm open until it has arrived. If the connection breaks, nothing of it is kept and you can send it again."
    />
  );
}

interface LaneProps {
  name: string;
  text: string;
  share: number | null;
  children?: React.ReactNode;
}

/** One of several things that move: its name, how far it is, a line that fills. */
export function Lane({ name, text, share, children }: LaneProps) {
  const done = Math.round(Math.max(0, Math.min(1, share ?? 0)) * 100);
  return (
    <li className="border-t border-line py-2.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6">
        <span className="min-w-0 break-all">{name}</span>
        <span className="text-muted">{text}</span>
      </div>
      {children}
      <div
        role="progressbar"
        aria-label={`Progress of ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : done}
        className="mt-2 h-1 overflow-hidden rounded-round bg-heat-floor"
      >
        <div className="h-full bg-signal transition-[width]" style={{ width: `${done}%` }} />
      </div>
    </li>
  );
}

/** The files of an import, each with its own progress. */
function FileLanes({ item }: { item: Import }) {
  const files = item.files.filter((file) => file.state !== 'ignored');
  if (files.length < 2) return null;
  return (
    <details className="mt-5" open={files.length <= 4}>
      <summary className="text-muted hover:text-ink">
        {count(files.filter((file) => file.state !== 'queued').length)} of {count(files.length)} files done
      </summary>
      <ul className="mt-2 max-h-80 overflow-auto pr-1">
        {files.map((file) => (
          <Lane
            key={file.id}
            name={file.name.split('/').at(-1) ?? file.name}
            text={file.rows ? `${count(file.rows)} rows` : stateWords(file.state)}
            share={shareOfFile(file)}
          />
        ))}
      </ul>
    </details>
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
      {!undoing && <FileLanes item={item} />}
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
