import { EyeOff } from 'lucide-react';
import { Link } from 'react-router';
import type { Reason, Recommendation, TrackRef } from '@/api/generated/model';
import { AddToPlaylist } from '@/components/listening/AddToPlaylist';
import { LoveButton } from '@/components/listening/LoveButton';
import { Sleeve } from '@/components/listening/Sleeve';
import type { Verdict } from '@/components/listening/useVerdicts';
import { IconButton } from '@/components/ui/Button';

interface SuggestionProps {
  item: Recommendation;
  loved: boolean;
  onVerdict: (verdict: Verdict) => void;
}

/** One suggested track with the evidence for it. */
export function Suggestion({ item, loved, onVerdict }: SuggestionProps) {
  const { track, reasons } = item;
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] content-start items-start gap-x-4 border-t border-line py-4">
      <Sleeve cover={track.cover_url} name={track.artist.name} className="row-span-2 mt-0.5 size-12" />
      <p>
        <Link to={`/tracks/${track.id}`} className="inline-block min-h-6 font-medium hover:underline">
          {track.name}
        </Link>
        <Link to={`/artists/${track.artist.id}`} className="block w-fit min-h-6 text-muted hover:text-ink">
          {track.artist.name}
        </Link>
      </p>
      <div className="-mt-2 -mr-2 flex">
        <AddToPlaylist track={track} small />
        <LoveButton name={track.name} loved={loved} onChange={(love) => onVerdict(love ? 'love' : null)} />
        <IconButton label={`Never suggest ${track.name} again`} onClick={() => onVerdict('hide')}>
          <EyeOff size={18} aria-hidden />
        </IconButton>
      </div>
      <ul className="col-span-2 col-start-2 mt-1 text-muted">
        {reasons.map((why) => (
          <li key={why.kind + why.text}>
            <Why reason={why} />
          </li>
        ))}
      </ul>
    </li>
  );
}

/** The sentence, with the tracks it speaks of as links to their own stories; those it does not name come after it. */
function Why({ reason: { text, tracks = [] } }: { reason: Reason }) {
  const named = tracks.filter((track) => text.includes(track.name));
  const unnamed = tracks.filter((track) => !text.includes(track.name));
  return (
    <>
      {pieces(text, named).map((piece, index) =>
        typeof piece === 'string' ? piece : <Evidence key={`${index} ${piece.id}`} track={piece} />,
      )}
      {unnamed.map((track, index) => (
        <span key={track.id}>
          {index ? ', ' : ' '}
          <Evidence track={track} />
        </span>
      ))}
    </>
  );
}

function Evidence({ track }: { track: TrackRef }) {
  return (
    <Link
      to={`/tracks/${track.id}`}
      className="text-ink underline decoration-line underline-offset-3 hover:decoration-signal"
    >
      {track.name}
    </Link>
  );
}

/** Cuts a sentence at the names of tracks; a longer name is looked for before a shorter one inside it. */
function pieces(text: string, tracks: TrackRef[]): (string | TrackRef)[] {
  let parts: (string | TrackRef)[] = [text];
  for (const track of [...tracks].sort((one, other) => other.name.length - one.name.length)) {
    parts = parts.flatMap((part) => {
      if (typeof part !== 'string') return [part];
      const at = part.indexOf(track.name);
      return at < 0 ? [part] : [part.slice(0, at), track, part.slice(at + track.name.length)];
    });
  }
  return parts;
}
