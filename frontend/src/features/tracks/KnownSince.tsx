import { dateOf } from '@/lib/format';
import { useZone } from '@/lib/useZone';

interface KnownSinceProps {
  first: string | null | undefined;
  last: string | null | undefined;
}

/** First and last time, in the listener's zone. */
export function KnownSince({ first, last }: KnownSinceProps) {
  const zone = useZone();
  if (!first || !last) return null;
  return (
    <>
      First on {dateOf(first, zone)}, last on {dateOf(last, zone)}.
    </>
  );
}
