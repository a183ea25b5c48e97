import { ChartSpline, Table2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';

export interface TableData {
  columns: string[];
  rows: (string | number)[][];
}

interface ChartFrameProps {
  title: ReactNode;
  note?: ReactNode;
  table: TableData;
  children: ReactNode;
  className?: string;
}

/** A panel whose proof is a chart, with the same numbers as a table one press away. */
export function ChartFrame({ title, note, table, children, className }: ChartFrameProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Panel
      title={title}
      note={note}
      className={className}
      aside={
        <IconButton
          label={asTable ? 'Show as chart' : 'Show as table'}
          className="-mt-2.5 -mr-3"
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? <ChartSpline size={18} aria-hidden /> : <Table2 size={18} aria-hidden />}
        </IconButton>
      }
    >
      {asTable ? <DataTable {...table} /> : children}
    </Panel>
  );
}

const isFigure = (cell: string | number | undefined): boolean => /^(?:[\d–]|less than )/.test(String(cell ?? '0'));

export function DataTable({ columns, rows }: TableData) {
  return (
    <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label="Table of the numbers">
      <table className="w-full border-collapse">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th
                key={column}
                scope="col"
                className={`sticky top-0 bg-ground py-2 pr-4 font-medium text-muted ${index && isFigure(rows[0]?.[index]) ? 'text-right' : 'text-left'}`}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join('|')} className="border-t border-line">
              {row.map((cell, index) => (
                <td key={columns[index]} className={`py-1.5 pr-4 align-top ${index && isFigure(cell) ? 'text-right' : 'text-left'}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
