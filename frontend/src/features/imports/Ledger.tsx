import { useState } from 'react';
import { useListRejects } from '@/api/generated';
import type { Import, ImportReasonVerdict } from '@/api/generated/model';
import { DataTable } from '@/components/charts/ChartFrame';
import { Button } from '@/components/ui/Button';
import { QueryView } from '@/components/ui/QueryView';
import { count } from '@/lib/format';
import { reasonWords, VERDICT_NAMES, verdictWords } from './words';

const SHARES: Record<string, string> = {
  accepted: 'var(--signal)',
  duplicate: 'var(--counter)',
  skipped: 'var(--muted)',
  broken: 'var(--ink)',
};

/** Every row accounted for: the sum, the shares, and the reasons one can read. */
export function Ledger({ item }: { item: Import }) {
  const { totals } = item;
  const [shown, setShown] = useState<ImportReasonVerdict | null>(null);
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
            <dt className="text-muted">rows in the file</dt>
          </div>
        </div>
      </dl>
      {item.reasons.length > 0 && (
        <ul className="mt-6 border-t border-line">
          {item.reasons.map((entry) => (
            <li
              key={`${entry.verdict} ${entry.reason}`}
              className="flex flex-wrap items-center justify-between gap-x-4 border-b border-line py-1"
            >
              <span>
                <span className="text-muted">{verdictWords(entry.verdict).title}:</span> {reasonWords(entry.reason)}
              </span>
              <span className="flex items-center gap-2">
                {count(entry.rows)}
                <Button
                  look="quiet"
                  aria-expanded={shown === entry.verdict}
                  onClick={() => setShown(shown === entry.verdict ? null : entry.verdict)}
                >
                  Show rows
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {shown && <Rejects id={item.id} verdict={shown} />}
    </div>
  );
}

const FIRST_ROWS = 50;

function Rejects({ id, verdict }: { id: number; verdict: ImportReasonVerdict }) {
  const query = useListRejects(id, { verdict, limit: FIRST_ROWS });
  return (
    <div className="mt-4">
      <QueryView
        query={query}
        what="fetch these rows"
        empty={(rows) => rows.length === 0 && <p className="text-muted">No rows of this kind were kept for reading.</p>}
      >
        {(rows) => (
          <>
            <p className="mb-2 text-muted">The first of these rows:</p>
            <DataTable
              columns={['File', 'Row', 'Why', 'What it said']}
              rows={rows.map((row) => [row.file, count(row.row), reasonWords(row.reason), sayDetail(row.detail)])}
            />
          </>
        )}
      </QueryView>
    </div>
  );
}

function sayDetail(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .slice(0, 4)
    .join(', ');
}
