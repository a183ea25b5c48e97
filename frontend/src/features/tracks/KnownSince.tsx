import { dateOf } from '@/lib/format';
import { useZone } from '@/lib/useZone';

interface KnownSinceProps {
  first: string | null | undefined;
  last: string | null | undefined;
  /** Said where the page tells of less than all time: these two never do. */
  ofAllTime: boolean;
}

/** First and last time, in the listener's zone. */
export function KnownSince({ first, last, ofAllTime }: KnownSinceProps) {
  const zone = useZone();
  if (!first || !last) return null;
  return (
    <>
      {ofAllTime ? 'Of all time: first' : 'First'} on {dateOf(first, zone)}, last on {dateOf(last, zone)}.
    </>
  );
}
