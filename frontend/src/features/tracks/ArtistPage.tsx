import { EyeOff } from 'lucide-react';
import { useParams } from 'react-router';
import { useReadArtist, useReadArtistStory } from '@/api/generated';
import { NameDisc } from '@/components/groove/pictures';
import { useCare } from '@/components/listening/useCare';
import { Button, ButtonLink } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { plural } from '@/lib/format';
import { statusOf } from '@/lib/http';
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

/** One artist: how long you have known each other, by which tracks and albums, and the way to leave them out. */
export function ArtistPage() {
  const id = Number(useParams().id);
  const [span, choose] = useSpan('all');
  const artist = useReadArtist(id, { span });
  const story = useReadArtistStory(id, { span });
  const care = useCare();
  useTitle(artist.data?.artist.name ?? 'Artist');
  const of = `artist_id=${id}`;
  const hidden = story.data?.hidden === true;
  if (statusOf(artist.error) === 404) return <NotMet what="artist" />;
  return (
    <>
      <PageTime span={span} choose={choose} />
      <QueryView query={artist} what="fetch this artist">
        {(data) => (
          <>
            <header className="mb-14 grid items-center gap-x-12 gap-y-6 md:grid-cols-[1fr_minmax(12rem,18rem)]">
              <div>
                <h1 className="display text-display">{data.artist.name}</h1>
                <div className="mt-5 flex flex-wrap gap-3">
                  {!hidden && <ButtonLink to={everyPlay(of, span)}>Every play</ButtonLink>}
                  {story.data && !hidden && (
                    <Button look="quiet" busy={care.busy} onClick={() => care.hide(data.artist)}>
                      <EyeOff size={18} aria-hidden /> Leave out of everything
                    </Button>
                  )}
                </div>
              </div>
              <NameDisc name={data.artist.name} className="w-full max-md:hidden" />
            </header>
            {hidden ? (
              <Panel title="Left out of everything" note={`${plural(story.data?.hidden_plays ?? 0, 'play')} kept, not counted.`}>
                <p className="mb-5 max-w-[52ch] text-muted">
                  {data.artist.name} is absent from your totals, lists, wraps, stories and suggestions, and from what you import
                  later. Nothing is lost: counting again brings all of it back as it was.
                </p>
                <Button look="signal" busy={care.busy} onClick={() => care.show(data.artist)}>
                  Count again
                </Button>
              </Panel>
            ) : (
              <div className="grid gap-x-12 gap-y-14 lg:grid-cols-2">
                <HowMuch
                  data={data}
                  span={span}
                  of={of}
                  numberOne={data.kind === 'song' && <NumberOne kind="artists" id={id} span={span} />}
                />
                <TrackList tracks={heardIn(data.tracks, span)} title={mostPlayed(data.tracks, span, NOUNS[data.kind])} span={span} />
                <QueryView query={story} what="fetch your story with them">
                  {(told) => (
                    <>
                      <Albums
                        albums={told.albums}
                        noun={NOUNS[data.kind]}
                        title={
                          told.albums.length === 1
                            ? `One ${data.kind === 'chapter' ? 'book' : 'album'} of theirs`
                            : `Most of it from ${told.albums[0]?.album.name ?? ''}`
                        }
                        span={span}
                      />
                      <StoryPanels story={told} it={data.kind === 'episode' ? 'it' : 'them'} of={of} span={span} />
                      {told.as_guest.length > 0 && (
                        <TrackList
                          tracks={told.as_guest}
                          title="As a guest of others"
                          note="A play counts once, for the artist its track is filed under; these are told here and not added above."
                          span={span}
                        />
                      )}
                    </>
                  )}
                </QueryView>
              </div>
            )}
          </>
        )}
      </QueryView>
    </>
  );
}
