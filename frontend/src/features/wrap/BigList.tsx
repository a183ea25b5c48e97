import type { ShownItem } from '@/api/generated/model';
import { Arcs } from '@/components/groove/pictures';
import { duration, plural } from '@/lib/format';

interface BigListProps {
  lead: string;
  items: ShownItem[];
  /** What the wrap ranked them by. */
  by: 'listens' | 'time';
}

/** Five names, as large as a poster, and all five on any screen; the arcs behind them are in proportion, or in order where amounts are not told. */
export function BigList({ lead, items, by }: BigListProps) {
  const value = (item: ShownItem) => (by === 'time' ? item.ms_played : item.listens) ?? items.length + 1 - item.rank;
  return (
    <div className="relative h-full overflow-hidden bg-ground text-ink">
      <div className="absolute opacity-60 portrait:-right-[40vw] portrait:-bottom-[34vw] portrait:w-[116vw] small:opacity-30 landscape:top-1/2 landscape:-right-[18vmin] landscape:w-[100vmin] landscape:-translate-y-1/2 landscape:opacity-100">
        <Arcs values={items.map(value)} className="w-full" />
      </div>
      <div className="relative flex h-full flex-col overflow-y-auto px-6 pt-[clamp(4rem,13dvh,6rem)] pb-4 sm:px-12 landscape:w-[52%] landscape:justify-center-safe landscape:pt-10">
        <h2 className="title animate-arrive">{lead}</h2>
        <ol className="mt-[min(1.5rem,2.4dvh)] space-y-[min(1rem,1.6dvh)]">
          {items.map((item, index) => (
            <li key={item.rank} className="animate-arrive" style={{ animationDelay: `${index * 90}ms` }}>
              <p className="display line-clamp-2 text-[clamp(1.1rem,min(1rem+3.6vw,6.4dvh),3.6rem)] leading-[0.95] short:line-clamp-1">
                <span className="mr-3 opacity-60">{item.rank}</span>
                {item.name}
              </p>
              <p className="mt-1 line-clamp-2 text-muted short:mt-0 short:line-clamp-1">{[item.artist, amount(item, by), moved(item)].filter(Boolean).join(', ')}</p>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function amount(item: ShownItem, by: 'listens' | 'time'): string | null {
  if (by === 'time') return item.ms_played === null ? null : duration(item.ms_played);
  return item.listens === null ? null : plural(item.listens, 'listen');
}

const WORTH_TELLING = 5;

function moved({ rank, previous_rank: before }: ShownItem): string | null {
  return before !== null && before - rank >= WORTH_TELLING ? `up from place ${before}` : null;
}
