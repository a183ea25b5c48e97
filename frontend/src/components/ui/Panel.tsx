import { useId, type ReactNode } from 'react';
import { isolatedIn } from '@/lib/bidi';
import { cx } from './classes';

interface PanelProps {
  /** The answer, in a sentence. */
  title: ReactNode;
  children: ReactNode;
  note?: ReactNode;
  aside?: ReactNode;
  className?: string;
}

/** One thing: its answer as the title, the proof below it. */
export function Panel({ title, children, note, aside, className }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cx('groove-rule min-w-0 pt-6', className)}>
      <div className="mb-5 flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 id={id} className="title">
            {isolatedIn(title)}
          </h2>
          {note && <div className="mt-1.5 text-muted">{isolatedIn(note)}</div>}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}

interface PageHeadProps {
  title: ReactNode;
  lead?: ReactNode;
  control?: ReactNode;
}

/** Top of every page. `control` (the span) is always at the right on a desktop, below the title on a phone. */
export function PageHead({ title, lead, control }: PageHeadProps) {
  return (
    <header className="mb-10 flex flex-wrap items-start justify-between gap-x-10 gap-y-5">
      <div className="min-w-0 flex-1 basis-80">
        <h1 className="display text-display">{isolatedIn(title)}</h1>
        {lead && <div className="mt-4 max-w-[60ch] text-muted">{lead}</div>}
      </div>
      {control && <div className="shrink-0 max-sm:w-full">{control}</div>}
    </header>
  );
}
