import { Link } from 'react-router';
import { useGetTop } from '@/api/generated';
import { count } from '@/lib/format';
import { duringPhrase, spanDays, spanLabel } from '@/lib/span';
import type { Measure } from './RankBy';
import { rankedLink, type RankedKind } from './RankedList';

const LOOKED_AT = 100;
const SHOWN = 5;

interface GoneProps {
  kind: RankedKind;
  by: Measure;
  span: string;
  against: string;
}

/** The first of the time compared with that are not heard in this one at all: who only looks at the ranks misses them. */
export function Gone({ kind, by, span, against }: GoneProps) {
  const there = useGetTop(kind, { span: against, against: span, by, limit: LOOKED_AT });
  const gone = there.data?.items.filter((item) => item.previous_rank === null).slice(0, SHOWN) ?? [];
  if (gone.length === 0) return null;
  const linkTo = rankedLink(kind, against);
  const label = goneLabel(span, against);
  return (
    <div className="mt-6">
      <h3 className="mb-1 text-muted">{label}</h3>
      <ul aria-label={label}>
        {gone.map((item) => (
          <li key={item.id} className="flex items-baseline justify-between gap-3 py-1">
            <Link to={linkTo(item)} className="min-w-0 truncate hover:underline">
              {item.name}
            </Link>
            <span className="shrink-0 text-muted">was number {count(item.rank)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function goneLabel(span: string, against: string): string {
  const [now, then] = [spanDays(span), spanDays(against)];
  return now && then && then.last < now.first
    ? `Gone since ${spanLabel(against)}`
    : `Heard ${duringPhrase(against)}, not ${duringPhrase(span)}`;
}
