import type { ArtistAlbum } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { Panel } from '@/components/ui/Panel';
import { plural } from '@/lib/format';
import { inSpan } from '@/lib/span';

interface AlbumsProps {
  albums: ArtistAlbum[];
  title: string;
  /** What they are made of. */
  noun: string;
  span: string;
}

/** Albums of one artist that were listened to, each a link. */
export function Albums({ albums, title, noun, span }: AlbumsProps) {
  if (albums.length === 0) return null;
  return (
    <Panel title={title}>
      <BarList
        label="Albums by listens"
        bars={albums.map(({ album, tracks, listens, release_date }) => ({
          key: String(album.id),
          name: album.name,
          by: [release_date?.slice(0, 4), plural(tracks, noun)].filter(Boolean).join(', '),
          to: inSpan(`/albums/${album.id}`, span),
          value: listens,
          told: plural(listens, 'listen'),
        }))}
      />
    </Panel>
  );
}
