import { Pencil, Trash2 } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Link } from 'react-router';
import type { PlayRow } from '@/api/generated/model';
import { IconButton } from '@/components/ui/Button';
import { cx } from '@/components/ui/classes';
import { dayLong, trackLength } from '@/lib/format';
import { localDay, onTheClock } from '@/lib/zone';
import { keyOf } from './plays';

interface PlayListProps {
  plays: PlayRow[];
  zone: string | undefined;
  chosen: ReadonlyMap<string, PlayRow>;
  onChoose: (chosen: ReadonlyMap<string, PlayRow>) => void;
  onCorrect: (play: PlayRow) => void;
  onDelete: (plays: PlayRow[]) => void;
}

/**
 * Plays by day. Arrow keys walk, the space bar chooses, E corrects, Delete deletes. Days far from the screen are not
 * drawn (`content-visibility`), so a long walk back stays light.
 */
export function PlayList({ plays, zone, chosen, onChoose, onCorrect, onDelete }: PlayListProps) {
  const toggle = (play: PlayRow) => {
    const next = new Map(chosen);
    if (!next.delete(keyOf(play))) next.set(keyOf(play), play);
    onChoose(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-play]');
    const play = plays.find((each) => keyOf(each) === row?.dataset.play);
    if (!row || !play || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    if (step) {
      const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-play]')];
      event.preventDefault();
      rows[rows.indexOf(row) + step]?.focus();
    } else if (event.target !== row) return;
    else if (event.key === ' ') {
      event.preventDefault();
      toggle(play);
    } else if (event.key === 'e') onCorrect(play);
    else if (event.key === 'Delete') onDelete(chosen.size > 0 ? [...chosen.values()] : [play]);
  };

  return (
    <div onKeyDown={onKeyDown}>
      {byDay(plays, zone).map(([day, rows]) => (
        <section
          key={day}
          aria-label={dayLong(day)}
          className="mb-8 [contain-intrinsic-size:auto_40rem] [content-visibility:auto]"
        >
          <h2 className="mb-1 font-medium text-muted">{dayLong(day)}</h2>
          <ul>
            {rows.map((play) => (
              <li
                key={keyOf(play)}
                data-play={keyOf(play)}
                tabIndex={0}
                aria-label={`${play.track.name}, ${play.track.artist.name}, ${onTheClock(play.started_at, zone).slice(11, 16)}`}
                className={cx(
                  'group flex min-h-12 items-center gap-3 border-t border-line py-1.5 outline-offset-2',
                  chosen.has(keyOf(play)) && 'bg-raised',
                )}
              >
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label={`Choose ${play.track.name}`}
                  checked={chosen.has(keyOf(play))}
                  onChange={() => toggle(play)}
                  className="size-5 shrink-0 accent-signal"
                />
                <span className="w-12 shrink-0 text-muted">{onTheClock(play.started_at, zone).slice(11, 16)}</span>
                <p className="min-w-0 flex-1 truncate">
                  <Link to={`/tracks/${play.track.id}`} className="font-medium hover:underline max-sm:block max-sm:min-h-6 max-sm:truncate">
                    {play.track.name}
                  </Link>{' '}
                  <Link
                    to={`/artists/${play.track.artist.id}`}
                    className="text-muted hover:text-ink max-sm:block max-sm:min-h-6 max-sm:truncate"
                  >
                    {play.track.artist.name}
                  </Link>
                </p>
                <span className="shrink-0 text-right text-muted">
                  {trackLength(play.ms_played)}
                  <span className="max-sm:hidden">
                    {play.skipped && ', skipped'}
                    {play.source === 'manual' && ', by hand'}
                  </span>
                </span>
                <span className="flex shrink-0 lg:opacity-0 lg:transition-opacity lg:group-focus-within:opacity-100 lg:group-hover:opacity-100">
                  <IconButton label={`Correct this play of ${play.track.name}`} onClick={() => onCorrect(play)}>
                    <Pencil size={17} aria-hidden />
                  </IconButton>
                  <IconButton
                    label={`Delete this play of ${play.track.name}`}
                    onClick={() => onDelete([play])}
                    className="max-sm:hidden"
                  >
                    <Trash2 size={17} aria-hidden />
                  </IconButton>
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function byDay(plays: PlayRow[], zone: string | undefined): [string, PlayRow[]][] {
  const days = new Map<string, PlayRow[]>();
  for (const play of plays) {
    const day = localDay(play.started_at, zone);
    const rows = days.get(day);
    if (rows) rows.push(play);
    else days.set(day, [play]);
  }
  return [...days];
}
