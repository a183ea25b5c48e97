import { useParams } from 'react-router';
import { useReadArtist } from '@/api/generated';
import { NameDisc } from '@/components/groove/pictures';
import { TrackLine } from '@/components/listening/TrackLine';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { duration, plural } from '@/lib/format';
import { useTitle } from '@/lib/useTitle';
import { KnownSince } from './KnownSince';
import { MonthsChart } from './MonthsChart';

const MOST_TRACKS = 12;

/** One artist: how long you have known each other, and by which tracks. */
export function ArtistPage() {
  const id = Number(useParams().id);
  const artist = useReadArtist(id);
  useTitle(artist.data?.artist.name ?? 'Artist');
  return (
    <QueryView query={artist} what="fetch this artist">
      {(data) => (
        <>
          <header className="mb-14 grid items-center gap-x-12 gap-y-6 md:grid-cols-[1fr_minmax(12rem,18rem)]">
            <h1 className="display text-display">{data.artist.name}</h1>
            <NameDisc name={data.artist.name} className="w-full max-md:hidden" />
          </header>
          <div className="grid gap-x-12 gap-y-14 lg:grid-cols-2">
            <Panel
              title={`${plural(data.listens, 'listen')}, ${duration(data.ms_played)} together`}
              note={<KnownSince first={data.first_played_at} last={data.last_played_at} />}
            >
              {data.months.length > 1 && <MonthsChart months={data.months} />}
            </Panel>
            <Panel title={data.tracks[0] ? `${data.tracks[0].track.name} is yours of theirs` : 'No track of theirs yet'}>
              <ol>
                {data.tracks.slice(0, MOST_TRACKS).map(({ track, listens }) => (
                  <li key={track.id}>
                    <TrackLine
                      track={track}
                      under={track.album?.name ?? data.artist.name}
                      aside={<span className="shrink-0 text-muted">{plural(listens, 'listen')}</span>}
                    />
                  </li>
                ))}
              </ol>
            </Panel>
          </div>
        </>
      )}
    </QueryView>
  );
}
