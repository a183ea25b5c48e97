import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { spanPhrase } from '@/lib/span';
import { useExplored } from './ExploreLayout';

/** One part of the questions: its name, and one answer after the other. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  const { span } = useExplored();
  return (
    <>
      <header className="mb-12">
        <h1 className="display text-display">{title}</h1>
        <p className="mt-3 text-muted">
          Counted from{' '}
          <Link to={`/history?span=${span}`} className="underline decoration-line underline-offset-4 hover:text-ink">
            {span === 'all' ? 'every play there is' : `every play ${spanPhrase(span)}`}
          </Link>
          .
        </p>
      </header>
      <div className="space-y-16">{children}</div>
    </>
  );
}
