import { Link } from 'react-router';
import { useGetThisDay } from '@/api/generated';
import type { DayThen } from '@/api/generated/model';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { dayShort, list, plural, times, yearsAgo } from '@/lib/format';

/** Listens from which on something found then has stayed. */
const STAYED = 5;

/** What this day was in earlier years; nothing where it was silent in all of them. */
export function ThisDay() {
  const day = useGetThisDay();
  return (
    <QueryView query={day} what="look up this day in earlier years" skeleton={<></>} empty={({ years }) => years.length === 0 && <></>}>
      {({ years }) => (
        <Panel title={headline(years)}>
          <ol className="-mt-2 grid gap-x-12 md:grid-cols-2">
            {years.map((then) => (
              <li key={then.day} className="border-t border-line py-3">
                <Link to={`/history?span=${then.day}`} className="font-medium hover:underline">
                  {dayShort(then.day)}
                </Link>
                <p className="text-muted">{told(then)}</p>
              </li>
            ))}
          </ol>
        </Panel>
      )}
    </QueryView>
  );
}

/** The find that stayed longest, else what the latest of these days was. */
function headline(years: DayThen[]): string {
  const stayed = years
    .flatMap(({ found, years_ago }) => found.map((one) => ({ ...one, years_ago })))
    .filter(({ listens }) => listens >= STAYED)
    .sort((a, b) => b.listens - a.listens)[0];
  if (stayed) return `${yearsAgo(stayed.years_ago)} today you first heard ${stayed.track.name}`;
  const [latest] = years;
  return latest ? `${yearsAgo(latest.years_ago)} today ${latest.top_track.name} was on` : '';
}

function told({ listens, first_track: first, top_track: top, top_listens: most, new_tracks: fresh, found }: DayThen): string {
  const others = fresh - found.length;
  const names = [...found.map(({ track }) => track.name), ...(others > 0 ? [plural(others, 'other')] : [])];
  return [
    `${plural(listens, 'listen')}, the first ${first.name}`,
    most > 1 ? `, most ${top.name}, ${times(most)}` : '',
    '.',
    names.length > 0 ? ` Heard for the first time: ${list(names)}.` : '',
  ].join('');
}
