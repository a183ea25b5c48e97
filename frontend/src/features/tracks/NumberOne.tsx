import { Link } from 'react-router';
import { useGetLeaders } from '@/api/generated';
import { count, plural } from '@/lib/format';
import { partOf } from '@/lib/span';

interface NumberOneProps {
  kind: 'artists' | 'tracks' | 'albums';
  id: number;
  span: string;
}

/** In how many months (of a short time: weeks) it was listened to more than all others, where it ever was. */
export function NumberOne({ kind, id, span }: NumberOneProps) {
  const unit = partOf(span);
  const leaders = useGetLeaders({ span, kind, unit: unit ?? 'month' }, { query: { enabled: unit !== null } });
  const led = leaders.data?.leaders.find((one) => one.id === id);
  if (!unit || !led || !leaders.data) return null;
  return (
    <p>
      <Link to={`/explore/what?${String(new URLSearchParams({ span, led: kind, per: unit }))}`} className="underline decoration-line underline-offset-4 hover:text-ink">
        Number one in {led.periods === leaders.data.periods ? 'every one' : count(led.periods)} of {plural(leaders.data.periods, unit)}
      </Link>
    </p>
  );
}
