import { useReadAccount } from '@/api/generated';
import { dateOf } from '@/lib/format';

interface KnownSinceProps {
  first: string | null | undefined;
  last: string | null | undefined;
}

/** First and last time, in the listener's zone. */
export function KnownSince({ first, last }: KnownSinceProps) {
  const zone = useReadAccount().data?.time_zone;
  if (!first || !last) return null;
  return (
    <>
      First on {dateOf(first, zone)}, last on {dateOf(last, zone)}.
    </>
  );
}
