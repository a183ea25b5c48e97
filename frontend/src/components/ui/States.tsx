import type { ReactNode } from 'react';
import { UncutDisc } from '@/components/groove/Disc';
import { detailOf, isAway, statusOf } from '@/lib/http';
import { Button } from './Button';
import { cx } from './classes';

/** A grey place where something will be. */
export function Skeleton({ className }: { className?: string }) {
  return <div className={cx('animate-breathe rounded-small bg-heat-floor', className)} aria-hidden />;
}

export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="space-y-3">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex items-center gap-4">
          <Skeleton className="size-10 rounded-round" />
          <Skeleton className="h-4 flex-1" />
          <Skeleton className="h-4 w-14" />
        </div>
      ))}
    </div>
  );
}

interface EmptyProps {
  title: string;
  children: ReactNode;
  /** The way forward. */
  action?: ReactNode;
  className?: string;
}

export function Empty({ title, children, action, className }: EmptyProps) {
  return (
    <div className={cx('mx-auto flex max-w-md flex-col items-center py-12 text-center', className)}>
      <UncutDisc className="mb-8 w-48" />
      <h2 className="title">{title}</h2>
      <div className="mt-2 text-muted">{children}</div>
      {action && <div className="mt-6 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}

interface TroubleProps {
  error: unknown;
  /** What could not be shown, as the end of "We could not …". */
  what: string;
  /** What is safe meanwhile. */
  safe?: string;
  onRetry?: () => void;
  className?: string;
}

/** What happened, what is safe, what to do now. */
export function Trouble({ error, what, safe = 'Your history is safe; nothing was changed.', onRetry, className }: TroubleProps) {
  return (
    <div role="alert" className={cx('max-w-xl border-l-2 border-signal py-1 pl-5', className)}>
      <p className="title">We could not {what}.</p>
      <p className="mt-2 text-muted">
        {reason(error)} {safe}
      </p>
      {onRetry && (
        <Button className="mt-4" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function reason(error: unknown): string {
  if (isAway(error)) return 'The server did not answer; it may be restarting, and this page asks again by itself.';
  const detail = detailOf(error);
  if (detail) return detail.endsWith('.') ? detail : `${detail}.`;
  const status = statusOf(error);
  if (status === 429) return 'That was a lot of requests in a short time; wait a moment.';
  if (status === 404) return 'It is not here (any more).';
  return 'Something unexpected went wrong on our side.';
}
