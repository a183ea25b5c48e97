import { keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useSearchLibrary } from '@/api/generated';
import type { TrackRef } from '@/api/generated/model';
import { Field } from '@/components/ui/Field';
import { reason } from '@/components/ui/States';
import { plural } from '@/lib/format';

interface FindTrackProps {
  label: string;
  chosen: TrackRef | null;
  onChoose: (track: TrackRef) => void;
  trouble?: string | null;
}

/** Chooses one of the tracks that the listener has played, by typing a part of its name or its artist's. */
export function FindTrack({ label, chosen, onChoose, trouble }: FindTrackProps) {
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const found = useSearchLibrary({ q, limit: 6 }, { query: { enabled: q !== '', placeholderData: keepPreviousData } });
  return (
    <div>
      <Field
        label={label}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        placeholder={chosen ? `${chosen.name}, ${chosen.artist.name}` : 'A title or an artist'}
        hint={chosen ? `Chosen: ${chosen.name}, ${chosen.artist.name}` : 'Among what you have played before.'}
        trouble={trouble}
      />
      {q !== '' && (
        <ul className="mt-2 max-h-56 overflow-auto">
          {found.data?.tracks.map(({ track, listens }) => (
            <li key={track.id}>
              <button
                type="button"
                className="flex min-h-11 w-full items-baseline justify-between gap-3 rounded-small px-3 py-2 text-left hover:bg-raised"
                onClick={() => {
                  onChoose(track);
                  setTyped('');
                }}
              >
                <span className="min-w-0 truncate">
                  {track.name} <span className="text-muted">{track.artist.name}</span>
                </span>
                <span className="shrink-0 text-muted">{plural(listens, 'listen')}</span>
              </button>
            </li>
          ))}
          {found.isError && (
            <li role="alert" className="px-3 py-2">
              {reason(found.error)}
            </li>
          )}
          {found.data?.tracks.length === 0 && <li className="px-3 py-2 text-muted">No track of yours is called so.</li>}
        </ul>
      )}
    </div>
  );
}
