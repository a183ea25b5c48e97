import { Link } from 'react-router';
import type { TopItem } from '@/api/generated/model';
import { count, duration } from '@/lib/format';
import { inSpan } from '@/lib/span';
import { Movement } from './Movement';
import { Sleeve } from './Sleeve';

/** What is ranked, and which page tells of one of it. */
const PAGES = { tracks: 'tracks', artists: 'artists', albums: 'albums', guests: 'artists', podcasts: 'artists', audiobooks: 'albums' } as const;
export type RankedKind = keyof typeof PAGES;

/** The page of what is ranked, told for the time of the ranking. */
export const rankedLink = (kind: RankedKind, span: string) => (item: { id: number }) => inSpan(`/${PAGES[kind]}/${item.id}`, span);

interface RankedListProps {
  items: TopItem[];
  by: 'listens' | 'time';
  linkTo?: (item: TopItem) => string;
}

/** A top list whose bars are grooves under the names: the longer, the more. Movement against the span before. */
export function RankedList({ items, by, linkTo }: RankedListProps) {
  const amount = (item: TopItem) => (by === 'time' ? item.ms_played : item.listens);
  const most = Math.max(1, ...items.map(amount));
  // Where nothing was there before (all time, a first year) "new" on every line would say nothing.
  const moved = items.some((item) => item.previous_rank !== null);
  // marks alone would only repeat the names
  const covered = items.some((item) => item.cover_url);
  const widest = `${String(items.at(-1)?.rank ?? 1).length}ch`;
  return (
    <ol className="space-y-1">
      {items.map((item) => (
        <li key={item.id} className="flex items-baseline gap-3 py-1.5">
          <span className="min-w-6 shrink-0 text-right text-muted" style={{ width: widest }}>
            {item.rank}
          </span>
          {moved && <Movement now={item.rank} before={item.previous_rank} />}
          {covered && <Sleeve cover={item.cover_url} name={item.name} className="size-10 self-center" />}
          <div className="min-w-0 flex-1">
            <div className="flex items-baseline justify-between gap-3">
              <div className="min-w-0">
                <p className="truncate" title={item.name}>
                  {linkTo ? (
                    <Link to={linkTo(item)} className="font-medium hover:underline">
                      {item.name}
                    </Link>
                  ) : (
                    <span className="font-medium">{item.name}</span>
                  )}
                </p>
                {item.artist && <p className="truncate text-muted">{item.artist.name}</p>}
              </div>
              <span className="shrink-0 text-muted">
                {by === 'time' ? duration(item.ms_played) : count(item.listens)}
              </span>
            </div>
            <div className="mt-1.5 h-[3px]" aria-hidden>
              <div
                className={`h-full rounded-round ${item.rank === 1 ? 'bg-signal' : 'bg-muted/50'}`}
                style={{ width: `${(100 * amount(item)) / most}%` }}
              />
            </div>
          </div>
        </li>
      ))}
    </ol>
  );
}
