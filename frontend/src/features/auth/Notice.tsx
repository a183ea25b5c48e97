import type { ReactNode } from 'react';
import { signInTrouble } from '@/lib/auth';

/** A sentence that stands out between the fields. */
export function Notice({ role, children }: { role?: 'alert' | 'status'; children: ReactNode }) {
  return (
    <p role={role} className="border-l-2 border-signal pl-4">
      {children}
    </p>
  );
}

/** What went wrong, where something did. */
export function TroubleNotice({ error, what }: { error: unknown; what?: string }) {
  return error ? <Notice role="alert">{signInTrouble(error, what)}</Notice> : null;
}
