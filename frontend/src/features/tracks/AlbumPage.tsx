import { Link, useParams } from 'react-router';
import { useReadAlbum, useReadAlbumStory } from '@/api/generated';
import type { AlbumDetail } from '@/api/generated/model';
import { NameDisc } from '@/components/groove/pictures';
import { Cover } from '@/components/listening/Cover';
import { ButtonLink } from '@/components/ui/Button';
import { QueryView } from '@/components/ui/QueryView';
import { plural } from '@/lib/format';
import { statusOf } from '@/lib/http';
import { inSpan, spanPhrase } from '@/lib/span';
import { useSpan } from '@/lib/useSpan';
import { useTitle } from '@/lib/useTitle';
import { Albums } from './Albums';
import { everyPlay } from './everyPlay';
import { HowMuch } from './HowMuch';
import { NOUNS } from './nouns';
import { NotMet } from './NotMet';
import { NumberOne } from './NumberOne';
import { PageTime } from './PageTime';
import { StoryPanels } from './Story';
import { heardIn, mostPlayed, TrackList } from './TrackList';

/** One album: its tracks as you played them, and its whole story with you. */
export function AlbumPage() {
  const id = Number(useParams().id);
  const [span, choose] = useSpan('all');
  const album = useReadAlbum(id, { span });
  const story = useReadAlbumStory(id, { span });
  const of = `album_id=${id}`;
  useTitle(album.data?.album.name ?? 'Album');
  if (statusOf(album.error) === 404) return <NotMet what="album" />;
  return (
    <>
      <PageTime span={span} choose={choose} />
      <QueryView query={album} what="fetch this album">
        {(data) => (
          <>
            <header className="mb-14 grid items-center gap-x-12 gap-y-6 md:grid-cols-[1fr_minmax(12rem,18rem)]">
              <div>
                <h1 className="display text-display">{data.album.name}</h1>
                <p className="title mt-4">
                  <Link to={inSpan(`/artists/${data.artist.id}`, span)} className="hover:underline">
                    {data.artist.name}
                  </Link>
                </p>
                <p className="mt-2 text-muted">{[data.release_date?.slice(0, 4), partHeard(data, span)].filter(Boolean).join(', ')}</p>
                <ButtonLink className="mt-5" to={everyPlay(of, span)}>
                  Every play
                </ButtonLink>
              </div>
              <Cover url={data.cover_url} of={data.album.name}>
                <NameDisc name={data.album.name} className="w-full max-md:hidden" />
              </Cover>
            </header>
            <div className="grid gap-x-12 gap-y-14 lg:grid-cols-2">
              <HowMuch
                  data={data}
                  span={span}
                  of={of}
                  numberOne={data.kind === 'song' && <NumberOne kind="albums" id={id} span={span} />}
                />
              <TrackList
                tracks={heardIn(data.tracks, span)}
                title={data.listens > 0 ? mostPlayed(data.tracks, span) : `Its ${NOUNS[data.kind]}s`}
                span={span}
              />
              <QueryView query={story} what="fetch your story with it">
                {(told) => (
                  <>
                    <StoryPanels story={told} it="it" of={of} span={span} />
                    <Albums
                      albums={told.other_albums}
                      noun={NOUNS[data.kind]}
                      title={`Other ${data.kind === 'chapter' ? 'books' : 'albums'} by ${data.artist.name}`}
                      span={span}
                    />
                  </>
                )}
              </QueryView>
            </div>
          </>
        )}
      </QueryView>
    </>
  );
}

function partHeard({ tracks, tracks_known: known, kind }: AlbumDetail, span: string): string {
  const heard = tracks.filter((each) => each.listens > 0).length;
  return `${heard} of the ${plural(known, NOUNS[kind])} we know of it heard${span === 'all' ? '' : ` ${spanPhrase(span)}`}`;
}
