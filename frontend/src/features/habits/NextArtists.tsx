import { Link } from 'react-router';
import type { NextArtist } from '@/api/generated/model';
import { SleeveMark } from '@/components/listening/SleeveMark';
import { Panel } from '@/components/ui/Panel';
import { percent } from '@/lib/format';

/** Who would be heard if the needle went down now, as sure as anybody can be, and what speaks for each. */
export function NextArtists({ artists }: { artists: NextArtist[] }) {
  const [first] = artists;
  if (!first) return null;
  const together = artists.reduce((sum, one) => sum + one.probability, 0);
  return (
    <Panel
      title={`If music began now, ${first.artist.name} would be likeliest`}
      note={`${percent(together)} sure that it is one of these ${artists.length}.`}
    >
      <ol>
        {artists.map(({ artist, probability, why }) => (
          <li key={artist.id} className="flex min-h-14 items-center gap-4 py-2">
            <SleeveMark name={artist.name} />
            <div className="min-w-0 flex-1">
              <Link to={`/artists/${artist.id}`} className="font-medium hover:underline">
                {artist.name}
              </Link>
              <p className="text-muted">{why}</p>
            </div>
            <span className="w-24 shrink-0 text-right tabular-nums">
              {percent(probability)}
              <span className="mt-1 block h-[3px] rounded-round bg-heat-floor" aria-hidden>
                <span className="block h-full rounded-round bg-signal" style={{ width: `${100 * probability}%` }} />
              </span>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
