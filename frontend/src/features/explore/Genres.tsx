import { useGetGenres } from '@/api/generated';
import type { Genre } from '@/api/generated/model';
import { BarList } from '@/components/charts/BarList';
import { Movement } from '@/components/listening/Movement';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { capital, percent, plural } from '@/lib/format';
import { duringPhrase } from '@/lib/span';

const SHOWN = 10;

/** Of the listens: with less known than this, nothing is said about all of them. */
const MOST_KNOWN = 0.5;

function titleOf(first: Genre | undefined, known: number): string {
  if (!first || known < MOST_KNOWN) return `Of the ${percent(known, known < 0.01 ? 1 : 0)} whose genre is known`;
  return `${capital(percent(first.share))} of ${known > 0.95 ? 'it' : 'what is known'} is ${first.genre}`;
}

/** Genres, where the tags of audio files told any; nothing where none did. */
export function Genres({ span, against }: { span: string; against: string | null }) {
  const genres = useGetGenres({ span, ...(against && { against }) });
  return (
    <QueryView query={genres} what="sort your music by genre" empty={(data) => data.known === 0 && <></>}>
      {({ items, known_share: known }) => (
        <Panel
          title={titleOf(items[0], known ?? 0)}
          note={`Known for ${percent(known ?? 0)} of the listens, from the tags of audio files; shares are of these, and a track may have several.`}
        >
          <BarList
            label="Genres by listens"
            most={items[0]?.share}
            bars={items.slice(0, SHOWN).map((one, index) => ({
              key: one.genre,
              name: one.genre,
              mark: items.some((other) => other.previous_rank !== null) && <Movement now={index + 1} before={one.previous_rank} />,
              by: against && one.previous_share !== null ? `${percent(one.previous_share)} ${duringPhrase(against)}` : plural(one.tracks, 'track'),
              value: one.share,
              told: percent(one.share, one.share < 0.01 ? 1 : 0),
            }))}
          />
        </Panel>
      )}
    </QueryView>
  );
}
