import { useState, type ReactNode } from 'react';

interface CoverProps {
  url: string | null | undefined;
  of: string;
  /** Stands in its place where there is no picture, or where it cannot be fetched. */
  children: ReactNode;
}

/** A large cover from Spotify's picture servers, which are not told what page it is shown on. */
export function Cover({ url, of, children }: CoverProps) {
  const [isAway, setAway] = useState(false);
  if (!url || isAway) return <>{children}</>;
  return (
    <figure className="max-md:max-w-40">
      <img
        src={url}
        alt={`Cover of ${of}`}
        width={300}
        height={300}
        loading="lazy"
        referrerPolicy="no-referrer"
        onError={() => setAway(true)}
        className="aspect-square w-full rounded-small object-cover"
      />
      <figcaption className="mt-1.5 text-muted">Cover from Spotify</figcaption>
    </figure>
  );
}
