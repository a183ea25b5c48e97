import { useQueryClient } from '@tanstack/react-query';
import { getListHiddenTracksQueryKey, getReadRecommendationsQueryKey, useListHiddenTracks, useWithdrawFeedback } from '@/api/generated';
import { TrackLine } from '@/components/listening/TrackLine';
import { Button } from '@/components/ui/Button';
import { QueryView } from '@/components/ui/QueryView';
import { notDone } from '@/components/ui/States';
import { useToasts } from '@/stores/toasts';

/** Tracks that are never suggested again, each with the way back. */
export function HiddenTracks() {
  const hidden = useListHiddenTracks();
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const show = useWithdrawFeedback({
    mutation: {
      onSuccess: () => {
        void client.invalidateQueries({ queryKey: getReadRecommendationsQueryKey() });
        return client.invalidateQueries({ queryKey: getListHiddenTracksQueryKey() });
      },
      onError: (error) => say(notDone('It is still left out.', error), 'trouble'),
    },
  });
  return (
    <QueryView
      query={hidden}
      what="fetch what is never suggested"
      empty={(data) => data.items.length === 0 && <p className="text-muted">Nothing is left out. Each suggestion offers it.</p>}
    >
      {(data) => (
        <ul>
          {data.items.map(({ track }) => (
            <li key={track.id} className="border-t border-line">
              <TrackLine
                track={track}
                aside={
                  <Button look="quiet" busy={show.isPending} onClick={() => show.mutate({ trackId: track.id })}>
                    May be suggested
                  </Button>
                }
              />
            </li>
          ))}
        </ul>
      )}
    </QueryView>
  );
}
