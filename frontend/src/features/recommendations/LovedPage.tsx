import { useListLovedTracks } from '@/api/generated';
import { AddToPlaylist } from '@/components/listening/AddToPlaylist';
import { LoveButton } from '@/components/listening/LoveButton';
import { MakePlaylist } from '@/components/listening/MakePlaylist';
import { TrackLine } from '@/components/listening/TrackLine';
import { useVerdicts } from '@/components/listening/useVerdicts';
import { ButtonLink } from '@/components/ui/Button';
import { PageHead } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Empty } from '@/components/ui/States';
import { useTitle } from '@/lib/useTitle';

/** Every track that the listener said they love, the latest first. */
export function LovedPage() {
  useTitle('Loved');
  const loved = useListLovedTracks();
  const { verdictOn, give } = useVerdicts();
  const items = loved.data?.items ?? [];
  return (
    <>
      <PageHead
        title="Loved"
        lead="What you said you love, the latest first. It stands higher in Comfort and Rediscover."
        control={items.length > 0 && <MakePlaylist suggested="Loved" ids={items.map(({ track }) => track.id)} />}
      />
      <QueryView
        query={loved}
        what="fetch what you love"
        empty={(data) =>
          data.items.length === 0 && (
            <Empty
              title="No heart given yet"
              action={
                <ButtonLink look="signal" to="/for-you?wish=comfort">
                  See suggestions
                </ButtonLink>
              }
            >
              The heart on a track’s page, or beside a suggestion, keeps the track here.
            </Empty>
          )
        }
      >
        {(data) => (
          <ol className="max-w-3xl">
            {data.items.map(({ track }) => (
              <li key={track.id} className="border-t border-line">
                <TrackLine
                  track={track}
                  aside={
                    <span className="-mr-3 flex">
                      <AddToPlaylist track={track} small />
                      <LoveButton
                        name={track.name}
                        loved={verdictOn({ track, loved: true }) === 'love'}
                        onChange={(love) => give(track, love ? 'love' : null)}
                      />
                    </span>
                  }
                />
              </li>
            ))}
          </ol>
        )}
      </QueryView>
    </>
  );
}
