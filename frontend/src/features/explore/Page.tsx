import type { ReactNode } from 'react';

/** One part of the questions: its name, and one answer after the other. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <h1 className="display mb-12 text-display">{title}</h1>
      <div className="space-y-16">{children}</div>
    </>
  );
}
