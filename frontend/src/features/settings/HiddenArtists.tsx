import { Link } from 'react-router';
import { useListHiddenArtists } from '@/api/generated';
import { useCare } from '@/components/listening/useCare';
import { Button } from '@/components/ui/Button';
import { QueryView } from '@/components/ui/QueryView';
import { plural } from '@/lib/format';

/** Artists left out, each with the way back; and where the rest of one's own catalogue is looked after. */
export function HiddenArtists() {
  const hidden = useListHiddenArtists();
  const care = useCare();
  return (
    <>
      <QueryView
        query={hidden}
        what="fetch who is left out"
        empty={(data) =>
          data.items.length === 0 && <p className="text-muted">Nobody is left out. An artist's page offers it.</p>
        }
      >
        {(data) => (
          <ul>
            {data.items.map(({ artist, plays }) => (
              <li key={artist.id} className="flex flex-wrap items-center justify-between gap-3 border-t border-line py-2">
                <span>
                  <Link to={`/artists/${artist.id}`} className="hover:underline">
                    {artist.name}
                  </Link>{' '}
                  <span className="text-muted">{plural(plays, 'play')} kept, not counted</span>
                </span>
                <Button look="quiet" busy={care.busy} onClick={() => care.show(artist)}>
                  Count again
                </Button>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
      <p className="mt-4 text-muted">
        Also yours to decide:{' '}
        <Link to="/recordings" className="text-ink underline">
          which tracks are the same recording
        </Link>{' '}
        and{' '}
        <Link to="/history" className="text-ink underline">
          which plays were not so
        </Link>
        .
      </p>
    </>
  );
}
