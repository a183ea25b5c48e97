import type { ArtistAlbum } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { Panel } from '@/components/ui/Panel';
import { plural } from '@/lib/format';

interface AlbumsProps {
  albums: ArtistAlbum[];
  title: string;
  /** What they are made of. */
  noun: string;
}

/** Albums of one artist that were listened to, each a link. */
export function Albums({ albums, title, noun }: AlbumsProps) {
  if (albums.length === 0) return null;
  return (
    <Panel title={title}>
      <BarList
        label="Albums by listens"
        bars={albums.map(({ album, tracks, listens, release_date }) => ({
          key: String(album.id),
          name: album.name,
          by: [release_date?.slice(0, 4), plural(tracks, noun)].filter(Boolean).join(', '),
          to: `/albums/${album.id}`,
          value: listens,
          told: plural(listens, 'listen'),
        }))}
      />
    </Panel>
  );
}
