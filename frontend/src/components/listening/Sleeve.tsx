import { useState } from 'react';
import { cx } from '@/components/ui/classes';
import { SleeveMark } from './SleeveMark';

interface SleeveProps {
  /** A picture at Spotify's servers, where it is known. */
  cover: string | null | undefined;
  /** Whose mark stands in its place where there is none, or where it cannot be fetched. */
  name: string;
  className?: string;
}

/** A small cover in a list. Spotify's picture servers are not told what page it is shown on. */
export function Sleeve({ cover, name, className }: SleeveProps) {
  const [isAway, setAway] = useState(false);
  if (!cover || isAway) return <SleeveMark name={name} className={className} />;
  return (
    <img
      src={cover}
      alt=""
      width={48}
      height={48}
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setAway(true)}
      className={cx('shrink-0 rounded-small object-cover', className ?? 'size-10')}
    />
  );
}
