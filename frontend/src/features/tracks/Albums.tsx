import type { ArtistAlbum } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { Panel } from '@/components/ui/Panel';
import { plural } from '@/lib/format';

/** Albums of one artist that were listened to, each a link. */
export function Albums({ albums, title }: { albums: ArtistAlbum[]; title: string }) {
  if (albums.length === 0) return null;
  return (
    <Panel title={title}>
      <BarList
        label="Albums by listens"
        bars={albums.map(({ album, tracks, listens, release_date }) => ({
          key: String(album.id),
          name: album.name,
          by: [release_date?.slice(0, 4), plural(tracks, 'track')].filter(Boolean).join(', '),
          to: `/albums/${album.id}`,
          value: listens,
          told: plural(listens, 'listen'),
        }))}
      />
    </Panel>
  );
}
