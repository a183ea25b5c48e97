import { useQueryClient } from '@tanstack/react-query';
import {
  useAddPlay,
  useCorrectPlay,
  useDeletePlays,
  useHideArtist,
  useMergeRecordings,
  useRefuseMerges,
  useShowArtistAgain,
  useSplitRecordings,
  useTakePlayChangeBack,
  useTakeRefusalsBack,
} from '@/api/generated';
import type { NamedRef, NewPlayByHand, PlayCorrection, PlayRef, RecordingPair, RecordingPairsWhy } from '@/api/generated/model';
import { notDone } from '@/components/ui/States';
import { after } from '@/lib/after';
import { plural } from '@/lib/format';
import { useToasts } from '@/stores/toasts';

/** What a listener does to their own history: done at once, said, and taken back by one press. Every page is read anew. */
export function useCare() {
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const fresh = () => client.invalidateQueries();
  const refused = (error: unknown) => say(notDone('Nothing was changed.', error), 'trouble');
  const mutation = { onSuccess: fresh, onError: refused };
  const takeBackChange = useTakePlayChangeBack({ mutation });
  const remove = useDeletePlays({ mutation });
  const correct = useCorrectPlay({ mutation });
  const add = useAddPlay({ mutation });
  const merge = useMergeRecordings({ mutation });
  const split = useSplitRecordings({ mutation });
  const refuse = useRefuseMerges({ mutation });
  const unrefuse = useTakeRefusalsBack({ mutation });
  const hide = useHideArtist({ mutation });
  const show = useShowArtistAgain({ mutation });

  const undoable = (text: string, id: number) =>
    say(text, 'plain', { label: 'Take back', run: () => takeBackChange.mutate({ changeId: id }) });

  const apart = (track_ids: number[]) =>
    after(split.mutateAsync({ data: { track_ids } }), () => say('Counted apart again, as before.'));

  return {
    busy: [remove, correct, add, merge, split, refuse, unrefuse, hide, show, takeBackChange].some((each) => each.isPending),
    takeBack: (id: number) => takeBackChange.mutate({ changeId: id }),
    deletePlays: (plays: PlayRef[], then?: () => void) =>
      after(remove.mutateAsync({ data: { plays } }), (change) => {
        undoable(`${plural(change.plays, 'play')} deleted. No import brings ${change.plays === 1 ? 'it' : 'them'} back.`, change.id);
        then?.();
      }),
    correctPlay: (data: PlayCorrection, then?: () => void) =>
      after(correct.mutateAsync({ data }), (change) => (undoable('Corrected.', change.id), then?.())),
    addPlay: (data: NewPlayByHand, then?: () => void) =>
      after(add.mutateAsync({ data }), (change) => (undoable('Added to your history.', change.id), then?.())),
    merge: (pairs: RecordingPair[], why: RecordingPairsWhy) =>
      after(merge.mutateAsync({ data: { pairs, why } }), ({ track_ids }) =>
        say(`${plural(track_ids.length, 'track')} counted together with another.`, 'plain', {
          label: 'Take back',
          run: () => apart(track_ids),
        }),
      ),
    split: apart,
    refuse: (pairs: RecordingPair[]) =>
      after(refuse.mutateAsync({ data: { pairs } }), () =>
        say('Not suggested again.', 'plain', { label: 'Take back', run: () => unrefuse.mutate({ data: { pairs } }) }),
      ),
    askAgain: (pairs: RecordingPair[]) =>
      after(unrefuse.mutateAsync({ data: { pairs } }), () =>
        say('It may be suggested again.', 'plain', { label: 'Take back', run: () => refuse.mutate({ data: { pairs } }) }),
      ),
    hide: (artist: NamedRef) =>
      after(hide.mutateAsync({ artistId: artist.id }), () =>
        say(`${artist.name} no longer counts, past and future.`, 'plain', {
          label: 'Take back',
          run: () => show.mutate({ artistId: artist.id }),
        }),
      ),
    show: (artist: NamedRef) =>
      after(show.mutateAsync({ artistId: artist.id }), () => say(`${artist.name} counts again, as before.`)),
  };
}
