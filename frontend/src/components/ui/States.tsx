import type { ReactNode } from 'react';
import { UncutDisc } from '@/components/groove/Disc';
import { detailOf, isAway, isLost, isSignInAway, statusOf } from '@/lib/http';
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
  /** Something a person did: it is not asked again by itself. */
  byHand?: boolean;
  onRetry?: () => void;
  className?: string;
}

/** What happened, what is safe, what to do now. */
export function Trouble({
  error,
  what,
  safe = 'Your history is safe; nothing was changed.',
  byHand = false,
  onRetry,
  className,
}: TroubleProps) {
  return (
    <div role="alert" className={cx('max-w-xl border-l-2 border-signal py-1 pl-5', className)}>
      <p className="title">We could not {what}.</p>
      <p className="mt-2 text-muted">
        {byHand ? why(error) : reason(error)} {safe}
      </p>
      {onRetry && (
        <Button className="mt-4" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Why something could not be fetched. */
export function reason(error: unknown): string {
  return isAway(error) ? `${why(error).replace(/\.$/, ',')} and this page asks again by itself.` : why(error);
}

/** What somebody is told who did that with one key, however often they press. */
export const MADE_ONCE = 'You can do it again: it is made only once.';

/**
 * What became of something a person did: `sentence` and why. Where the answer was lost nobody knows whether it was done;
 * that is said instead, and what to do `then`.
 */
export function notDone(sentence: string, error: unknown, then = 'Look again in a moment, before you do it once more.'): string {
  if (isLost(error)) return `No answer came, so it may or may not have been done. ${then}`;
  return `${sentence} ${why(error)}`.trim();
}

/** Why something that is not asked again by itself went wrong. */
export function why(error: unknown): string {
  if (isSignInAway(error)) return 'The sign-in service did not answer.';
  if (isAway(error)) return 'The server did not answer; it may be restarting.';
  const detail = detailOf(error);
  if (detail) return detail.endsWith('.') ? detail : `${detail}.`;
  const status = statusOf(error);
  if (status === 429) return 'That was a lot of requests in a short time; wait a moment.';
  if (status === 404) return 'It is not here (any more).';
  return 'Something unexpected went wrong on our side.';
}
