import { X } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { useReadAlbum, useReadArtist, useReadTrack } from '@/api/generated';
import { Button } from '@/components/ui/Button';

const KINDS = ['track', 'artist', 'album'] as const;

export interface Filtered {
  /** How the API is asked: `{ track_id: 41 }`; empty where every play is shown. */
  by: { track_id?: number; artist_id?: number; album_id?: number };
  /** What is shown alone, by its name, or as "this track" where that is not known; null where every play is shown. */
  name: string | null;
}

/** Only one track, artist or album, where the address says so. */
export function useFiltered(): Filtered {
  const [params] = useSearchParams();
  const kind = KINDS.find((each) => /^[1-9]\d{0,14}$/.test(params.get(`${each}_id`) ?? ''));
  const id = kind ? Number(params.get(`${kind}_id`)) : 0;
  const track = useReadTrack(id, undefined, { query: { enabled: kind === 'track' } });
  const artist = useReadArtist(id, undefined, { query: { enabled: kind === 'artist' } });
  const album = useReadAlbum(id, undefined, { query: { enabled: kind === 'album' } });
  if (!kind) return { by: {}, name: null };
  const name = { track: track.data?.track, artist: artist.data?.artist, album: album.data?.album }[kind]?.name;
  return { by: { [`${kind}_id`]: id }, name: name ?? `this ${kind}` };
}

/** Says what is shown alone, and leads back to every play. */
export function Filter({ name }: { name: string }) {
  const [, setParams] = useSearchParams();
  const everything = () =>
    setParams((old) => {
      for (const kind of KINDS) old.delete(`${kind}_id`);
      return old;
    });
  return (
    <Button onClick={everything}>
      Only {name} <X size={16} aria-label="Show all plays" />
    </Button>
  );
}
