import { Link } from 'react-router';
import type { DueBack as DueBackData, HabitPatterns } from '@/api/generated/model';
import { SleeveMark } from '@/components/listening/SleeveMark';
import { TrackLine } from '@/components/listening/TrackLine';
import { Panel } from '@/components/ui/Panel';
import { count, plural } from '@/lib/format';

/** What is late by the rhythm of its own returns, with the numbers that say so. */
export function DueBack({ patterns: { due_artists: artists, due_tracks: tracks } }: { patterns: HabitPatterns }) {
  const first = artists[0] ?? tracks[0];
  if (!first) {
    return (
      <Panel title="Nothing is overdue">
        <p className="text-muted">Whatever you come back to again and again was on about when it usually is.</p>
      </Panel>
    );
  }
  return (
    <Panel
      title={`It is time for ${first.artist?.name ?? first.track?.name ?? ''} again`}
      note="What you keep coming back to, silent for longer than three out of four of its silences."
    >
      <ul>
        {artists.map((due) => due.artist && <ArtistDue key={`a${due.artist.id}`} due={due} />)}
        {tracks.map(
          (due) =>
            due.track && (
              <li key={`t${due.track.id}`}>
                <TrackLine track={due.track} under={`${due.track.artist.name}. ${due.why}`} aside={<Late due={due} />} />
              </li>
            ),
        )}
      </ul>
    </Panel>
  );
}

function ArtistDue({ due }: { due: DueBackData }) {
  if (!due.artist) return null;
  return (
    <li className="flex min-h-14 items-center gap-4 py-2">
      <SleeveMark name={due.artist.name} />
      <div className="min-w-0 flex-1">
        <Link to={`/artists/${due.artist.id}`} className="font-medium hover:underline">
          {due.artist.name}
        </Link>
        <p className="text-muted">{due.why}</p>
      </div>
      <Late due={due} />
    </li>
  );
}

function Late({ due }: { due: DueBackData }) {
  return (
    <span className="w-24 shrink-0 text-right tabular-nums">
      {plural(due.silent_days, 'day')}
      <span className="block text-muted">usually {count(due.usual_days)}</span>
    </span>
  );
}
