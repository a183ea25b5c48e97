import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { TrackRef } from '@/api/generated/model';
import { SleeveMark } from './SleeveMark';

interface TrackLineProps {
  track: TrackRef;
  /** Under the name, instead of the artist alone. */
  under?: ReactNode;
  aside?: ReactNode;
}

/** A track in a list: its mark, its name, who made it, and whatever stands at the end of the line. */
export function TrackLine({ track, under, aside }: TrackLineProps) {
  return (
    <div className="flex min-h-14 items-center gap-4 py-2">
      <SleeveMark name={track.artist.name} />
      <div className="min-w-0 flex-1">
        <Link to={`/tracks/${track.id}`} className="inline-block min-h-6 font-medium hover:underline">
          {track.name}
        </Link>
        <div className="text-muted">
          {under ?? (
            <Link to={`/artists/${track.artist.id}`} className="inline-block min-h-6 hover:text-ink">
              {track.artist.name}
            </Link>
          )}
        </div>
      </div>
      {aside}
    </div>
  );
}
