import { Link, useSearchParams } from 'react-router';
import { useCompareTaste } from '@/api/generated';
import type { Profile, SharedTaste, Taste, TasteOfOne } from '@/api/generated/model';
import { Panel } from '@/components/ui/Panel';
import { SkeletonRows, Trouble } from '@/components/ui/States';
import { Tabs } from '@/components/ui/Tabs';
import { capital, percent } from '@/lib/format';
import { statusOf } from '@/lib/http';
import { fraction } from './fractions';

const SPANS = [
  { value: 'last-365-days', label: 'Last 365 days' },
  { value: 'all', label: 'All time' },
] as const;
type Chosen = (typeof SPANS)[number]['value'];
const ADDRESS = 'taste';

/** One's own taste beside that of somebody who follows one back, where both allow it. */
export function TastePanel({ person }: { person: Profile }) {
  const [address, setAddress] = useSearchParams();
  const span: Chosen = address.get(ADDRESS) === 'all' ? 'all' : 'last-365-days';
  const mutual = person.is_following && person.follows_me;
  const taste = useCompareTaste(person.handle, { span }, { query: { enabled: mutual } });
  const name = person.display_name;
  if (!mutual || statusOf(taste.error) === 404) {
    return (
      <Panel title={`Your taste beside ${name}’s`} className="mb-14 max-w-3xl">
        <p className="text-muted">
          Taste can be compared once you follow each other and both allow it. You allow it in{' '}
          <Link to="/settings" className="text-ink underline">
            Settings
          </Link>
          .
        </p>
      </Panel>
    );
  }
  return (
    <Panel title={finding(name, taste.data)} note={proof(name, taste.data)} className="mb-14 max-w-3xl">
      <Tabs
        label="Span of the comparison"
        className="mb-4"
        value={span}
        options={[...SPANS]}
        onChange={(value) => setAddress(value === 'all' ? { [ADDRESS]: value } : {}, { replace: true })}
      />
      {taste.data && <Beside taste={taste.data} name={name} />}
      {!taste.data && taste.isError && (
        <Trouble error={taste.error} what="compare your tastes" onRetry={() => void taste.refetch()} />
      )}
      {!taste.data && !taste.isError && <SkeletonRows />}
    </Panel>
  );
}

function finding(name: string, taste: Taste | undefined): string {
  if (taste === undefined) return `Your taste beside ${name}’s`;
  if (taste.overlap === null) return 'Nothing to compare yet';
  if (taste.artists.length === 0) return `You and ${name} have no artist in common`;
  return `${capital(fraction(taste.overlap))} of your listening is the same music`;
}

function proof(name: string, taste: Taste | undefined): string | undefined {
  if (!taste?.overlap) return undefined;
  return `Artist by artist, ${share(taste.overlap)} of your listening is matched by ${name}’s.`;
}

const share = (value: number): string => percent(value, value < 0.1 ? 1 : 0);

function Beside({ taste, name }: { taste: Taste; name: string }) {
  if (taste.overlap === null) return <p className="text-muted">One of you listened to nothing in this time.</p>;
  return (
    <>
      {taste.artists.length > 0 && <Pairs shared={taste.artists} name={name} />}
      {taste.tracks.length > 0 && (
        <p className="mt-6">
          {taste.tracks.length === 1 ? 'The track you share most: ' : 'The tracks you share most: '}
          {taste.tracks.map((track, index) => (
            <span key={track.id}>
              {index > 0 && ' and '}
              <Link to={`/tracks/${track.id}`} className="font-medium hover:underline">
                {track.name}
              </Link>
              {track.artist && <span className="text-muted"> by {track.artist.name}</span>}
            </span>
          ))}
          .
        </p>
      )}
      <div className="mt-8 grid gap-x-10 gap-y-8 sm:grid-cols-2">
        <OfOne title={`Yours, and new to ${name}`} items={taste.only_mine} mine />
        <OfOne title={`${name}’s, and new to you`} items={taste.only_theirs} />
      </div>
    </>
  );
}

/** Two bars an artist, with both numbers in words: it needs no table. */
function Pairs({ shared, name }: { shared: SharedTaste[]; name: string }) {
  const longest = Math.max(...shared.flatMap(({ mine, theirs }) => [mine, theirs]));
  return (
    <ol aria-label={`Artists that you and ${name} share, by what both listen to`} className="space-y-4">
      {shared.map((artist) => (
        <li key={artist.id}>
          <Link to={`/artists/${artist.id}`} className="inline-block min-h-6 font-medium hover:underline">
            {artist.name}
          </Link>
          <PartOf who="You" value={artist.mine} longest={longest} look="bg-signal" />
          <PartOf who={name} value={artist.theirs} longest={longest} look="bg-counter" />
        </li>
      ))}
    </ol>
  );
}

function PartOf({ who, value, longest, look }: { who: string; value: number; longest: number; look: string }) {
  return (
    <p className="grid grid-cols-[5.5rem_minmax(0,1fr)_3.5rem] items-center gap-3 text-muted">
      <span className="truncate">{who}</span>
      <span className="h-2" aria-hidden>
        <span
          className={`block h-full rounded-round ${look}`}
          style={{ width: `${Math.max(0.5, (100 * value) / longest)}%` }}
        />
      </span>
      <span className="text-right">{share(value)}</span>
    </p>
  );
}

/** What one never listened to has no page of one's own to lead to. */
function OfOne({ title, items, mine = false }: { title: string; items: TasteOfOne[]; mine?: boolean }) {
  if (items.length === 0) return null;
  return (
    <div>
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-2">
        {items.map((artist) => (
          <li key={artist.id} className="flex items-baseline justify-between gap-3 border-t border-line py-1.5">
            {mine ? (
              <Link to={`/artists/${artist.id}`} className="inline-block min-h-6 min-w-0 hover:underline">
                {artist.name}
              </Link>
            ) : (
              <span className="min-w-0">{artist.name}</span>
            )}
            <span className="text-muted">{share(artist.share)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
