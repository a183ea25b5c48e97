import { useState } from 'react';
import { downloadRows, useListRejects } from '@/api/generated';
import type { Import, ImportReason, ImportReasonVerdict } from '@/api/generated/model';
import { DataTable } from '@/components/charts/ChartFrame';
import { Button } from '@/components/ui/Button';
import { QueryView } from '@/components/ui/QueryView';
import { why } from '@/components/ui/States';
import { count, moment } from '@/lib/format';
import { saveFile } from '@/lib/saveFile';
import { useZone } from '@/lib/useZone';
import { useToasts } from '@/stores/toasts';
import { reasonWords, sourceWords, VERDICT_NAMES, verdictWords } from './words';

const SHARES: Record<string, string> = {
  accepted: 'var(--signal)',
  duplicate: 'var(--counter)',
  skipped: 'var(--muted)',
  broken: 'var(--ink)',
};

/** Every row accounted for: the sum, the shares, and the reasons one can read. */
export function Ledger({ item }: { item: Import }) {
  const { totals } = item;
  const [shown, setShown] = useState<string | null>(null);
  return (
    <div>
      <p className="sr-only">
        {count(totals.accepted)} + {count(totals.duplicate)} + {count(totals.skipped)} + {count(totals.broken)} ={' '}
        {count(totals.rows)} rows
      </p>
      <div className="flex h-3 gap-0.5 overflow-hidden rounded-round" aria-hidden>
        {VERDICT_NAMES.filter((verdict) => totals[verdict] > 0).map((verdict) => (
          <span key={verdict} style={{ flexGrow: totals[verdict], minWidth: 3, background: SHARES[verdict] }} />
        ))}
      </div>
      <dl className="mt-4 grid grid-cols-2 gap-x-8 gap-y-4 sm:grid-cols-3 lg:grid-cols-5 lg:gap-x-4">
        {VERDICT_NAMES.map((verdict, index) => (
          <div key={verdict} className="flex gap-3">
            {index > 0 && (
              <span className="title text-muted max-lg:hidden" aria-hidden>
                +
              </span>
            )}
            <div>
              <dd className="title">{count(totals[verdict])}</dd>
              <dt className="text-muted">
                <span style={{ color: SHARES[verdict] }} aria-hidden>
                  ●
                </span>{' '}
                {verdictWords(verdict).title}: {verdictWords(verdict).meaning}
              </dt>
            </div>
          </div>
        ))}
        <div className="flex gap-3">
          <span className="title text-muted max-lg:hidden" aria-hidden>
            =
          </span>
          <div>
            <dd className="title">{count(totals.rows)}</dd>
            <dt className="text-muted">rows in all</dt>
          </div>
        </div>
      </dl>
      <ul className="mt-6 border-t border-line">
        {lines(item).map((entry) => {
          const key = `${entry.verdict} ${entry.reason}`;
          return (
            <li key={key} className="border-b border-line py-1">
              <div className="flex flex-wrap items-center justify-between gap-x-4">
                <span>
                  <span className="text-muted">{verdictWords(entry.verdict).title}:</span> {reasonWords(entry.reason)}
                </span>
                <span className="flex items-center gap-2">
                  {count(entry.rows)}
                  <Button look="quiet" aria-expanded={shown === key} onClick={() => setShown(shown === key ? null : key)}>
                    Show rows
                  </Button>
                </span>
              </div>
              {shown === key && <Rows id={item.id} verdict={entry.verdict} reason={entry.reason} />}
            </li>
          );
        })}
      </ul>
      {item.totals.rows > 0 && item.state !== 'undone' && <Downloads id={item.id} />}
    </div>
  );
}

/** Each reason with its rows; the accepted ones have one reason, which needs no counting. */
function lines({ totals, reasons, state }: Import): ImportReason[] {
  const accepted: ImportReason = { verdict: 'accepted', reason: 'new', rows: totals.accepted };
  return totals.accepted > 0 && state !== 'undone' ? [accepted, ...reasons] : reasons;
}

const FIRST_ROWS = 50;

function Rows({ id, verdict, reason }: { id: number; verdict: ImportReasonVerdict; reason: string }) {
  const query = useListRejects(id, { verdict, reason, limit: FIRST_ROWS });
  const zone = useZone();
  const isDuplicate = verdict === 'duplicate';
  return (
    <div className="mt-1 mb-4">
      <QueryView
        query={query}
        what="fetch these rows"
        empty={(rows) => rows.length === 0 && <p className="text-muted">No rows of this kind were kept for reading.</p>}
      >
        {(rows) => (
          <>
            <p className="mb-2 text-muted">The first of these rows:</p>
            <DataTable
              columns={['File', 'Row', 'What it said', ...(isDuplicate ? ['Same play as'] : [])]}
              rows={rows.map((row) => [
                row.file.split('/').at(-1) ?? row.file,
                count(row.row),
                sayDetail(row.detail, zone),
                ...(isDuplicate ? [saySame(row.detail.same_as, zone)] : []),
              ])}
            />
          </>
        )}
      </QueryView>
    </div>
  );
}

const FORMATS = [
  ['csv', 'as a table (CSV)'],
  ['jsonl', 'as JSON lines'],
] as const;

/** The rows that were kept for reading, to keep. */
function Downloads({ id }: { id: number }) {
  const say = useToasts((state) => state.say);
  const download = async (format: 'csv' | 'jsonl') => {
    try {
      const rows = await downloadRows(id, { format }, { responseType: 'text' });
      saveFile(new File([rows], `import-${id}-rows.${format}`, { type: 'text/plain' }));
    } catch (error) {
      say(`We could not fetch the rows. ${why(error)}`, 'trouble');
    }
  };
  return (
    <p className="mt-4 flex flex-wrap items-center gap-x-2 text-muted">
      Download the rows that can be read
      {FORMATS.map(([format, words]) => (
        <Button key={format} look="quiet" onClick={() => void download(format)}>
          {words}
        </Button>
      ))}
    </p>
  );
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** A play is told by its names and its time, any other row by the fields that it has. */
function sayDetail(detail: Record<string, unknown>, zone?: string): string {
  const began = text(detail.started_at);
  if (began) return [text(detail.title), text(detail.artist), moment(began, zone)].filter(Boolean).join(', ');
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .slice(0, 5)
    .join(', ');
}

function saySame(play: unknown, zone?: string): string {
  if (typeof play !== 'object' || play === null) return 'a play that is gone since';
  const told = play as Record<string, unknown>;
  const began = text(told.started_at);
  const said = [text(told.title), text(told.artist), began && moment(began, zone)].filter(Boolean).join(', ');
  const file = text(told.file)?.split('/').at(-1);
  const brought = file ? `${file} in ${text(told.import) ?? 'an import'}` : sourceWords(text(told.source) ?? '');
  return `${said} (${brought})`;
}
