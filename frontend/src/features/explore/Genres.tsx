import { useGetGenres } from '@/api/generated';
import { BarList } from '@/components/charts/BarList';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { percent, plural } from '@/lib/format';
import { duringPhrase } from '@/lib/span';

const SHOWN = 10;

/** Genres, where the tags of audio files told any; nothing where none did. */
export function Genres({ span, against }: { span: string; against: string | null }) {
  const genres = useGetGenres({ span });
  const other = useGetGenres({ span: against ?? span }, { query: { enabled: against !== null } });
  const beside = against === null ? null : other.data;
  const before = (genre: string) => beside?.items.find((one) => one.genre === genre)?.share ?? 0;
  return (
    <QueryView query={genres} what="sort your music by genre" empty={(data) => data.known === 0 && <></>}>
      {({ items, known_share: known }) => (
        <Panel
          title={items[0] ? `${percent(items[0].share)} of it is ${items[0].genre}` : ''}
          note={`Known for ${percent(known ?? 0)} of the listens, from the tags of audio files; shares are of these, and a track may have several.`}
        >
          <BarList
            label="Genres by listens"
            most={items[0]?.share}
            bars={items.slice(0, SHOWN).map((one) => ({
              key: one.genre,
              name: one.genre,
              by: beside && against ? `${percent(before(one.genre))} ${duringPhrase(against)}` : plural(one.tracks, 'track'),
              value: one.share,
              told: percent(one.share, one.share < 0.01 ? 1 : 0),
            }))}
          />
        </Panel>
      )}
    </QueryView>
  );
}
