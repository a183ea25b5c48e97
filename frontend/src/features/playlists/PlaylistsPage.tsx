import { Link } from 'react-router';
import { useListPlaylists } from '@/api/generated';
import { MakePlaylist } from '@/components/listening/MakePlaylist';
import { SleeveMark } from '@/components/listening/SleeveMark';
import { ButtonLink } from '@/components/ui/Button';
import { PageHead } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Empty } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { useTitle } from '@/lib/useTitle';

export function PlaylistsPage() {
  useTitle('Playlists');
  const playlists = useListPlaylists();
  return (
    <>
      <PageHead
        title="Playlists"
        lead="What you keep together, in your order. Lists, suggestions and the pages of tracks all lead here."
        control={
          <div className="flex flex-wrap gap-3">
            <MakePlaylist label="New playlist" suggested="" ids={[]} />
            <ButtonLink look="quiet" to="/loved">
              Loved
            </ButtonLink>
          </div>
        }
      />
      <QueryView
        query={playlists}
        what="fetch your playlists"
        empty={(data) =>
          data.items.length === 0 && (
            <Empty
              title="No playlist yet"
              action={
                <ButtonLink look="signal" to="/for-you">
                  Find tracks for one
                </ButtonLink>
              }
            >
              Suggestions become a playlist with one press.
            </Empty>
          )
        }
      >
        {(data) => (
          <ul className="grid gap-x-8 gap-y-10 sm:grid-cols-2 lg:grid-cols-3">
            {data.items.map((playlist) => (
              <li key={playlist.id}>
                <Link to={`/playlists/${playlist.id}`} className="group flex items-center gap-5">
                  <SleeveMark name={playlist.name} className="size-24 transition-transform group-hover:rotate-12" />
                  <span className="min-w-0">
                    <span className="title block">{playlist.name}</span>
                    <span className="text-muted">{plural(playlist.track_count, 'track')}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </>
  );
}
