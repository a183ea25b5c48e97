import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  getListHiddenTracksQueryKey,
  getListLovedTracksQueryKey,
  getReadRecommendationsQueryKey,
  getReadTrackQueryKey,
  useGiveFeedback,
  useWithdrawFeedback,
} from '@/api/generated';
import type { TrackRef } from '@/api/generated/model';
import { notDone } from '@/components/ui/States';
import { after } from '@/lib/after';
import { useToasts } from '@/stores/toasts';

export type Verdict = 'love' | 'hide' | null;

/** A track, and whether the server knows that it is loved. */
interface Known {
  track: TrackRef;
  loved?: boolean;
}

/** What the listener says to tracks; shown at once over what the server knows, taken back when it refuses. */
export function useVerdicts() {
  const [said, setSaid] = useState<Record<number, Verdict | undefined>>({});
  const say = useToasts((state) => state.say);
  const client = useQueryClient();
  const mutation = {
    onSuccess: (_: unknown, { trackId }: { trackId: number }) => {
      const told = [getReadRecommendationsQueryKey(), getListHiddenTracksQueryKey(), getListLovedTracksQueryKey()];
      for (const queryKey of [...told, getReadTrackQueryKey(trackId)]) void client.invalidateQueries({ queryKey });
    },
    onError: (error: unknown) => say(notDone('That was not kept.', error), 'trouble'),
  };
  const keep = useGiveFeedback({ mutation });
  const withdraw = useWithdrawFeedback({ mutation });

  const verdictOn = ({ track, loved }: Known): Verdict => {
    const mine = said[track.id];
    return mine === undefined ? (loved ? 'love' : null) : mine;
  };

  const give = (track: TrackRef, verdict: Verdict) => {
    const known = said[track.id];
    const show = (shown: Verdict | undefined) => setSaid((old) => ({ ...old, [track.id]: shown }));
    show(verdict);
    const answer =
      verdict === null
        ? withdraw.mutateAsync({ trackId: track.id })
        : keep.mutateAsync({ trackId: track.id, data: { verdict } });
    after<unknown>(
      answer,
      () => {
        if (verdict !== 'hide') return;
        say(`${track.name} will not be suggested again.`, 'plain', { label: 'Take back', run: () => give(track, null) });
      },
      () => show(known),
    );
  };

  return { verdictOn, give };
}
