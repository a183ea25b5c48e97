import { useState } from 'react';
import type { ArtistTrack } from '@/api/generated/model';
import { AddToPlaylist } from '@/components/listening/AddToPlaylist';
import { TrackLine } from '@/components/listening/TrackLine';
import { Button } from '@/components/ui/Button';
import { Panel } from '@/components/ui/Panel';
import { plural } from '@/lib/format';

const FEW = 12;

interface TrackListProps {
  tracks: ArtistTrack[];
  title: string;
  note?: string;
  /** The time that the numbers and the tracks' pages tell of. */
  span?: string;
}

/** Tracks with how often each was listened to. */
export function TrackList({ tracks, title, note, span = 'all' }: TrackListProps) {
  const [all, setAll] = useState(false);
  if (tracks.length === 0) return null;
  return (
    <Panel title={title} note={note}>
      <ol>
        {tracks.slice(0, all ? undefined : FEW).map(({ track, listens, plays }) => (
          <li key={track.id}>
            <TrackLine
              track={track}
              span={span}
              under={track.album?.name ?? track.artist.name}
              aside={
                <span className="-mr-3 flex shrink-0 items-center text-muted">
                  {listens || !plays ? plural(listens, 'listen') : plural(plays, 'short play')}
                  <AddToPlaylist track={track} small />
                </span>
              }
            />
          </li>
        ))}
      </ol>
      {tracks.length > FEW && (
        <Button look="quiet" className="-ml-4" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${tracks.length}`}
        </Button>
      )}
    </Panel>
  );
}

/** Of a part of all time, only what was played in it. */
export function heardIn(tracks: ArtistTrack[], span: string): ArtistTrack[] {
  return span === 'all' ? tracks : tracks.filter(({ plays }) => plays > 0);
}

/** The list's answer: which track, where one stands out of several. */
export function mostPlayed([first, second]: ArtistTrack[], span = 'all', noun = 'track'): string {
  if (!first) return `No ${noun} yet`;
  if (!first.listens) return first.plays ? 'Only short plays' : 'Not listened to yet';
  if (!second?.listens) return `${first.track.name} is the one you ${span === 'all' ? 'know' : 'played'}`;
  return first.listens === second.listens ? `${first.track.name} and ${second.track.name} lead` : `You play ${first.track.name} most`;
}
