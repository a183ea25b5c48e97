import { Link } from 'react-router';
import { useGetMilestones } from '@/api/generated';
import type { Milestone, MilestoneKind, NextMilestone } from '@/api/generated/model';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { count, dayShort, percent } from '@/lib/format';

const SHOWN = 12;

/** Round numbers: which song each fell on, and which come next. */
export function Milestones({ span }: { span: string }) {
  const milestones = useGetMilestones({ span });
  return (
    <QueryView query={milestones} what="find your round numbers" empty={(data) => data.items.length + data.upcoming.length === 0 && <></>}>
      {({ items, upcoming }) => {
        const last = items.at(-1);
        return (
          <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
            <Panel title={last ? `${last.track.name} was your ${words(last.kind, last.number)}` : 'No round number fell into this time'}>
              <ol className="border-l border-line">
                {items
                  .slice(-SHOWN)
                  .reverse()
                  .map((item) => (
                    <Stone key={`${item.kind} ${item.number}`} item={item} />
                  ))}
              </ol>
            </Panel>
            <Panel title={nextTitle(upcoming)}>
              <ul className="space-y-4">
                {upcoming.map((next) => (
                  <li key={next.kind}>
                    <p className="flex justify-between gap-3">
                      <span className="font-medium">{capital(words(next.kind, next.number))}</span>
                      <span className="text-muted">{count(next.number - next.reached)} to go</span>
                    </p>
                    <div className="mt-1.5 h-2 rounded-round bg-heat-floor" role="img" aria-label={`${percent(next.reached / next.number)} of the way`}>
                      <div className="h-full rounded-round bg-signal" style={{ width: `${(100 * next.reached) / next.number}%` }} />
                    </div>
                  </li>
                ))}
              </ul>
            </Panel>
          </div>
        );
      }}
    </QueryView>
  );
}

function Stone({ item }: { item: Milestone }) {
  return (
    <li className="relative py-2 pl-6">
      <span aria-hidden className="absolute top-4 -left-[5px] size-2.5 rounded-round bg-signal" />
      <p className="font-medium">{capital(words(item.kind, item.number))}</p>
      <p className="text-muted">
        <Link to={`/tracks/${item.track.id}`} className="hover:text-ink hover:underline">
          {item.track.name}
        </Link>
        , {item.track.artist.name},{' '}
        <Link to={`/history?span=${item.day}`} className="hover:text-ink hover:underline">
          {dayShort(item.day)}
        </Link>
      </p>
    </li>
  );
}

const NOUNS: Record<MilestoneKind, string> = {
  first_listen: 'listen',
  listens: 'listen',
  hours: 'hour',
  tracks: 'different track',
  artists: 'different artist',
};

/** "first listen", "10,000th listen", "500th different artist". */
export function words(kind: MilestoneKind, number: number): string {
  if (number === 1) return `first ${NOUNS[kind]}`;
  return `${count(number)}th ${NOUNS[kind]}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function nextTitle(upcoming: NextMilestone[]): string {
  const [nearest] = [...upcoming].sort((a, b) => b.reached / b.number - a.reached / a.number);
  return nearest ? `Next, your ${words(nearest.kind, nearest.number)}` : 'What comes next';
}
