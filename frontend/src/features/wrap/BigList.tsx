import type { TopItem } from '@/api/generated/model';
import { Arcs } from '@/components/groove/pictures';
import { duration, plural } from '@/lib/format';

interface BigListProps {
  lead: string;
  items: TopItem[];
  /** What the wrap ranked them by. */
  by: 'listens' | 'time';
}

/** Five names, as large as a poster; the arcs behind them are in proportion. */
export function BigList({ lead, items, by }: BigListProps) {
  return (
    <div className="relative h-full overflow-hidden bg-ground text-ink">
      <div className="absolute opacity-60 portrait:-right-[40vw] portrait:-bottom-[34vw] portrait:w-[116vw] landscape:top-1/2 landscape:-right-[18vmin] landscape:w-[100vmin] landscape:-translate-y-1/2 landscape:opacity-100">
        <Arcs values={items.map((item) => (by === 'time' ? item.ms_played : item.listens))} className="w-full" />
      </div>
      <div className="relative flex h-full flex-col px-6 pt-24 sm:px-12 landscape:w-[52%] landscape:justify-center landscape:pt-10">
        <p className="title animate-arrive">{lead}</p>
        <ol className="mt-6 space-y-4">
          {items.map((item, index) => (
            <li key={item.id} className="animate-arrive" style={{ animationDelay: `${index * 90}ms` }}>
              <p className="display text-[clamp(1.9rem,1rem+3.6vw,3.6rem)] leading-[0.95]">
                <span className="mr-3 opacity-60">{item.rank}</span>
                {item.name}
              </p>
              <p className="mt-1 text-muted">
                {item.artist && `${item.artist.name}, `}
                {by === 'time' ? duration(item.ms_played) : plural(item.listens, 'listen')}
              </p>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
