import { keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { useSearchLibrary } from '@/api/generated';
import type { LibrarySearch } from '@/api/generated/model';
import { Dialog } from '@/components/ui/Dialog';
import { cx } from '@/components/ui/classes';
import { reason } from '@/components/ui/States';
import { dateOf, plural } from '@/lib/format';
import { useZone } from '@/lib/useZone';

interface Result {
  key: string;
  kind: string;
  name: string;
  by?: string | undefined;
  to: string;
  told: string;
}

/** Search over one's own tracks, artists and albums: arrow keys choose, Enter opens. */
export function SearchDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} title="Search your library" onClose={onClose}>
      <Search onClose={onClose} />
    </Dialog>
  );
}

function Search({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  // the browser gives the focus to the first button of a dialog once it is open: after that it is the field's
  useEffect(() => {
    const soon = window.setTimeout(() => field.current?.focus());
    return () => window.clearTimeout(soon);
  }, []);
  const zone = useZone();
  const q = useDeferredValue(typed.trim());
  const found = useSearchLibrary({ q, limit: 6 }, { query: { enabled: q !== '', placeholderData: keepPreviousData } });
  const results = q === '' || !found.data ? [] : flat(found.data, zone);
  const active = results[at];
  // what stands there may still be the answer to fewer letters
  const settled = q === typed.trim() && !found.isPlaceholderData;
  const shown = active && `found-${active.key}`;
  useEffect(() => {
    if (shown) document.getElementById(shown)?.scrollIntoView?.({ block: 'nearest' });
  }, [shown]);

  const open = (result: Result) => {
    onClose();
    void navigate(result.to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((old) => Math.max(0, Math.min(results.length - 1, old + step)));
    } else if (event.key === 'Enter' && active && settled && !event.nativeEvent.isComposing) {
      open(active);
    }
  };

  return (
    <div>
      <input
        ref={field}
        role="combobox"
        aria-label="Search your library"
        aria-expanded={results.length > 0}
        aria-controls="search-results"
        aria-activedescendant={shown}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        placeholder="A track, an artist, an album"
        maxLength={200}
        className="w-full rounded-small border border-line bg-raised px-4 py-3 placeholder:text-muted focus:border-muted focus:outline-2 focus:outline-counter-text"
      />
      <ul id="search-results" role="listbox" aria-label="Found" className="mt-3 max-h-[min(26rem,55dvh)] overflow-auto">
        {results.map((result, index) => (
          <li
            key={result.key}
            id={`found-${result.key}`}
            role="option"
            aria-selected={index === at}
            // not as soon as it lies under a mouse at rest: the list may have moved by the keyboard
            onPointerMove={() => setAt(index)}
            onClick={() => open(result)}
            className={cx('cursor-pointer rounded-small px-3 py-2.5', index === at && 'bg-raised')}
          >
            <p className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate font-medium">
                {result.name} {result.by && <span className="font-normal text-muted">{result.by}</span>}
              </span>
              <span className="shrink-0 text-tick text-muted">{result.kind}</span>
            </p>
            <p className="text-muted">{result.told}</p>
          </li>
        ))}
      </ul>
      <p role="status" className={cx('px-3 text-muted', results.length === 0 && 'min-h-24 py-2')}>
        {q === '' && 'Part of a name is enough; accents and capitals do not matter. Press / anywhere to come back here.'}
        {q !== '' && found.isError && reason(found.error)}
        {q !== '' && found.isSuccess && settled && results.length === 0 && 'Nothing you have played is called so.'}
      </p>
    </div>
  );
}

type Found = LibrarySearch;

/** Artists first where a name begins so, then tracks, then albums. */
function flat(found: Found, zone?: string): Result[] {
  const heard = (listens: number, plays: number, last: string) =>
    `${listens ? plural(listens, 'listen') : plural(plays, 'short play')}, last on ${dateOf(last, zone)}`;
  return [
    ...found.artists.slice(0, 3).map((each) => ({
      key: `artist-${each.id}`,
      kind: 'Artist',
      name: each.name,
      to: `/artists/${each.id}`,
      told: heard(each.listens, each.plays, each.last_played_at),
    })),
    ...found.tracks.map((each) => ({
      key: `track-${each.track.id}`,
      kind: 'Track',
      name: each.track.name,
      by: each.track.artist.name,
      to: `/tracks/${each.track.id}`,
      told: heard(each.listens, each.plays, each.last_played_at),
    })),
    ...found.albums.slice(0, 4).map((each) => ({
      key: `album-${each.id}`,
      kind: 'Album',
      name: each.name,
      by: each.artist?.name,
      to: `/albums/${each.id}`,
      told: heard(each.listens, each.plays, each.last_played_at),
    })),
  ];
}
