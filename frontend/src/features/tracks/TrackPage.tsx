import { ExternalLink } from 'lucide-react';
import { Link, useParams } from 'react-router';
import { useReadConfig, useReadTrack, useReadSimilarTracks, useReadTrackStory } from '@/api/generated';
import type { SimilarTracks, TrackRef } from '@/api/generated/model';
import { NameDisc } from '@/components/groove/pictures';
import { AddToPlaylist } from '@/components/listening/AddToPlaylist';
import { BringSound } from '@/components/listening/BringSound';
import { Cover } from '@/components/listening/Cover';
import { LoveButton } from '@/components/listening/LoveButton';
import { MakePlaylist } from '@/components/listening/MakePlaylist';
import { ModelNote } from '@/components/listening/ModelNote';
import { TrackLine } from '@/components/listening/TrackLine';
import { useVerdicts } from '@/components/listening/useVerdicts';
import { ButtonLink } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { percent, releasedIn, trackLength } from '@/lib/format';
import { statusOf } from '@/lib/http';
import { inSpan } from '@/lib/span';
import { useSpan } from '@/lib/useSpan';
import { useTitle } from '@/lib/useTitle';
import { CountedTogether } from './CountedTogether';
import { everyPlay } from './everyPlay';
import { HowMuch } from './HowMuch';
import { NotMet } from './NotMet';
import { NumberOne } from './NumberOne';
import { PageTime } from './PageTime';
import { StoryPanels } from './Story';

/** One track: how it and you came along, and what sounds like it. */
export function TrackPage() {
  const { id } = useParams();
  return <Told key={id} id={Number(id)} />;
}

function Told({ id }: { id: number }) {
  const [span, choose] = useSpan('all');
  const track = useReadTrack(id, { span });
  const story = useReadTrackStory(id, { span });
  // the tracks of the demo town look like Spotify's and are not
  const invented = Boolean(useReadConfig({ query: { staleTime: Infinity } }).data?.demo);
  const { verdictOn, give } = useVerdicts();
  useTitle(track.data?.track.name ?? 'Track');
  if (statusOf(track.error) === 404) return <NotMet what="track" />;
  return (
    <>
      <PageTime span={span} choose={choose} />
      <QueryView query={track} what="fetch this track">
        {(data) => {
          // a track that counts as another one is told as that one
          const of = `track_id=${data.track.id}`;
          const onSpotify = invented ? null : spotifyAddress(data.track.key);
          return (
            <>
              <header className="mb-14 grid items-center gap-x-12 gap-y-6 md:grid-cols-[1fr_minmax(12rem,18rem)]">
                <div>
                  <h1 className="display text-display">{data.track.name}</h1>
                  <p className="title mt-4">
                    <Link to={inSpan(`/artists/${data.artist.id}`, span)} className="hover:underline">
                      {data.artist.name}
                    </Link>
                    {data.guests?.map((guest) => (
                      <span key={guest.id}>
                        ,{' '}
                        <Link to={inSpan(`/artists/${guest.id}`, span)} className="hover:underline">
                          {guest.name}
                        </Link>
                      </span>
                    ))}
                  </p>
                  <p className="mt-2 text-muted">
                    {data.album && (
                      <Link to={inSpan(`/albums/${data.album.id}`, span)} className="hover:text-ink hover:underline">
                        {data.album.name}
                      </Link>
                    )}
                    {[data.released && releasedIn(data.released), data.duration_ms && trackLength(data.duration_ms)]
                      .filter(Boolean)
                      .map((told, index) => (data.album || index > 0 ? `, ${told}` : told))}
                  </p>
                  <div className="mt-5 flex flex-wrap gap-3">
                    <ButtonLink to={everyPlay(of, span)}>Every play</ButtonLink>
                    <LoveButton
                      name={data.track.name}
                      loved={verdictOn(data) === 'love'}
                      onChange={(love) => give(data.track, love ? 'love' : null)}
                    />
                    <AddToPlaylist track={data.track} />
                    {onSpotify && (
                      <ButtonLink look="quiet" to={onSpotify} target="_blank" rel="noreferrer">
                        Open in Spotify <ExternalLink size={16} aria-hidden />
                      </ButtonLink>
                    )}
                  </div>
                </div>
                <Cover url={data.cover_url} of={data.album?.name ?? data.track.name}>
                  <NameDisc name={data.track.name} className="w-full max-md:hidden" />
                </Cover>
              </header>
              <div className="grid gap-x-12 gap-y-14 lg:grid-cols-2">
                <HowMuch
                  data={data}
                  span={span}
                  of={of}
                  numberOne={data.kind === 'song' && <NumberOne kind="tracks" id={data.track.id} span={span} />}
                />
                <QueryView query={story} what="fetch your story with it">
                  {(told) => (
                    <>
                      <StoryPanels story={told} it="it" of={of} span={span} />
                      <CountedTogether story={told} span={span} />
                    </>
                  )}
                </QueryView>
                {data.kind === 'song' && <SoundsAlike track={data.track} hasSound={data.has_sound} />}
              </div>
            </>
          );
        }}
      </QueryView>
    </>
  );
}

/** Where a track of Spotify's plays; null for what came from elsewhere. */
function spotifyAddress(key: string): string | null {
  const [, kind, id] = /^spotify:(track|episode):([0-9A-Za-z]{22})$/.exec(key) ?? [];
  return kind && id ? `https://open.spotify.com/${kind}/${id}` : null;
}

const NEIGHBOURS = 8;

function SoundsAlike({ track: { id, name }, hasSound }: { track: TrackRef; hasSound: boolean }) {
  const similar = useReadSimilarTracks(id, { limit: NEIGHBOURS }, { query: { enabled: hasSound } });
  if (!hasSound) {
    return (
      <Panel title="Not listened to by Tonearm yet">
        <p className="mb-5 max-w-[46ch] text-muted">
          What sounds alike is known only for tracks that Tonearm could hear once. If you have this one as a file, bring
          it: it is listened to and deleted.{' '}
          <Link to="/sound" className="underline hover:text-ink">
            All that was heard
          </Link>
        </p>
        <BringSound trackId={id} />
      </Panel>
    );
  }
  return (
    <QueryView
      query={similar}
      what="find what sounds alike"
      empty={(data) =>
        data.items.length === 0 && (
          <Panel title="Nothing sounds like it">
            <p className="text-muted">No other track that Tonearm has heard comes close.</p>
          </Panel>
        )
      }
    >
      {(data) => (
        <Panel title={closest(data)} note={<Heard data={data} />}>
          <ol>
            {data.items.map(({ track, similarity }) => (
              <li key={track.id}>
                <TrackLine
                  track={track}
                  aside={
                    similarity !== null && <Alike similarity={similarity} />
                  }
                />
              </li>
            ))}
          </ol>
          <div className="mt-4">
            <MakePlaylist suggested={`Like ${name}`.slice(0, 80)} ids={[id, ...data.items.map(({ track }) => track.id)]} />
          </div>
        </Panel>
      )}
    </QueryView>
  );
}

function closest({ model, items: [first] }: SimilarTracks): string {
  return model.is_fallback ? `More by ${first?.track.artist.name ?? 'the artist'}` : `${first?.track.name ?? ''} sounds closest to it`;
}

const HEARD_FROM: Record<NonNullable<SimilarTracks['heard_from']>, string> = {
  library: 'a file of the audio folder',
  upload: 'a file that a listener brought',
  deezer: 'half a minute of it on Deezer',
};

function Heard({ data }: { data: SimilarTracks }) {
  return (
    <>
      <ModelNote model={data.model} />
      {data.heard_from && <p className="text-muted">This track was heard from {HEARD_FROM[data.heard_from]}.</p>}
    </>
  );
}

function Alike({ similarity }: { similarity: number }) {
  return (
    <span className="w-24 shrink-0 text-right text-muted">
      {percent(similarity)} alike
      <span className="mt-1 block h-[3px] rounded-round bg-heat-floor" aria-hidden>
        <span className="block h-full rounded-round bg-signal" style={{ width: `${100 * Math.max(0, similarity)}%` }} />
      </span>
    </span>
  );
}
