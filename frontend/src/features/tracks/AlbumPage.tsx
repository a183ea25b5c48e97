import { Link, useParams } from 'react-router';
import { useReadAlbum, useReadAlbumStory } from '@/api/generated';
import { NameDisc } from '@/components/groove/pictures';
import { ButtonLink } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { duration, plural } from '@/lib/format';
import { useTitle } from '@/lib/useTitle';
import { Albums } from './Albums';
import { KnownSince } from './KnownSince';
import { MonthsChart } from './MonthsChart';
import { NOUNS } from './nouns';
import { StoryPanels } from './Story';
import { mostPlayed, TrackList } from './TrackList';

/** One album: its tracks as you played them, and its whole story with you. */
export function AlbumPage() {
  const id = Number(useParams().id);
  const album = useReadAlbum(id);
  const story = useReadAlbumStory(id);
  const of = `album_id=${id}`;
  useTitle(album.data?.album.name ?? 'Album');
  return (
    <QueryView query={album} what="fetch this album">
      {(data) => {
        const heard = data.tracks.filter((each) => each.listens > 0).length;
        return (
          <>
            <header className="mb-14 grid items-center gap-x-12 gap-y-6 md:grid-cols-[1fr_minmax(12rem,18rem)]">
              <div>
                <h1 className="display text-display">{data.album.name}</h1>
                <p className="title mt-4">
                  <Link to={`/artists/${data.artist.id}`} className="hover:underline">
                    {data.artist.name}
                  </Link>
                </p>
                <p className="mt-2 text-muted">
                  {[data.release_date?.slice(0, 4), `${heard} of the ${plural(data.tracks_known, NOUNS[data.kind])} we know of it heard`]
                    .filter(Boolean)
                    .join(', ')}
                </p>
                <ButtonLink className="mt-5" to={`/history?${of}`}>
                  Every play
                </ButtonLink>
              </div>
              <NameDisc name={data.album.name} className="w-full max-md:hidden" />
            </header>
            <div className="grid gap-x-12 gap-y-14 lg:grid-cols-2">
              <Panel
                title={data.listens ? `${plural(data.listens, 'listen')}, ${duration(data.ms_played)} together` : 'You have not heard it yet'}
                note={<KnownSince first={data.first_played_at} last={data.last_played_at} />}
              >
                {data.months.length > 1 && <MonthsChart months={data.months} of={of} />}
              </Panel>
              <TrackList tracks={data.tracks} title={heard > 0 ? mostPlayed(data.tracks) : `Its ${NOUNS[data.kind]}s`} />
              <QueryView query={story} what="fetch your story with it">
                {(told) => (
                  <>
                    <StoryPanels story={told} it="it" of={of} />
                    <Albums
                      albums={told.other_albums}
                      noun={NOUNS[data.kind]}
                      title={`Other ${data.kind === 'chapter' ? 'books' : 'albums'} by ${data.artist.name}`}
                    />
                  </>
                )}
              </QueryView>
            </div>
          </>
        );
      }}
    </QueryView>
  );
}
