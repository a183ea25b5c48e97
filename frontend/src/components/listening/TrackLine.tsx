import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { TrackRef } from '@/api/generated/model';
import { inSpan } from '@/lib/span';
import { Sleeve } from './Sleeve';

interface TrackLineProps {
  track: TrackRef;
  /** The time that its page and its artist's tell of. */
  span?: string;
  /** Under the name, instead of the artist alone. */
  under?: ReactNode;
  aside?: ReactNode;
}

/** A track in a list: its mark, its name, who made it, and whatever stands at the end of the line. */
export function TrackLine({ track, span = 'all', under, aside }: TrackLineProps) {
  return (
    <div className="flex min-h-14 items-center gap-4 py-2">
      <Sleeve cover={track.cover_url} name={track.artist.name} />
      <div className="min-w-0 flex-1">
        <Link to={inSpan(`/tracks/${track.id}`, span)} className="inline-block min-h-6 font-medium hover:underline">
          {track.name}
        </Link>
        <div className="text-muted">
          {under ?? (
            <Link to={inSpan(`/artists/${track.artist.id}`, span)} className="inline-block min-h-6 hover:text-ink">
              {track.artist.name}
            </Link>
          )}
        </div>
      </div>
      {aside}
    </div>
  );
}
