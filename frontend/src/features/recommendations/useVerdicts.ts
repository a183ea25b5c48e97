import { useState } from 'react';
import { useGiveFeedback, useWithdrawFeedback } from '@/api/generated';
import type { TrackRef } from '@/api/generated/model';
import { notDone } from '@/components/ui/States';
import { useToasts } from '@/stores/toasts';

export type Verdict = 'love' | 'hide' | null;

/** What the listener said to the tracks on this page; shown at once, taken back when the server refuses. */
export function useVerdicts() {
  const [verdicts, setVerdicts] = useState<Record<number, Verdict>>({});
  const say = useToasts((state) => state.say);
  const keep = useGiveFeedback();
  const withdraw = useWithdrawFeedback();

  const give = (track: TrackRef, verdict: Verdict) => {
    const before = verdicts[track.id] ?? null;
    setVerdicts((old) => ({ ...old, [track.id]: verdict }));
    const onError = (error: unknown) => {
      setVerdicts((old) => ({ ...old, [track.id]: before }));
      say(notDone('That was not kept.', error), 'trouble');
    };
    if (verdict === null) withdraw.mutate({ trackId: track.id }, { onError });
    else keep.mutate({ trackId: track.id, data: { verdict } }, { onError });
    if (verdict === 'hide') say(`${track.name} will not be suggested again.`);
  };

  return { verdicts, give };
}
