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
    split.mutate({ data: { track_ids } }, { onSuccess: () => say('Counted apart again, as before.') });

  return {
    busy: [remove, correct, add, merge, split, refuse, unrefuse, hide, show, takeBackChange].some((each) => each.isPending),
    takeBack: (id: number) => takeBackChange.mutate({ changeId: id }),
    deletePlays: (plays: PlayRef[], then?: () => void) =>
      remove.mutate(
        { data: { plays } },
        {
          onSuccess: (change) => {
            undoable(`${plural(change.plays, 'play')} deleted. No import brings ${change.plays === 1 ? 'it' : 'them'} back.`, change.id);
            then?.();
          },
        },
      ),
    correctPlay: (data: PlayCorrection, then?: () => void) =>
      correct.mutate({ data }, { onSuccess: (change) => (undoable('Corrected.', change.id), then?.()) }),
    addPlay: (data: NewPlayByHand, then?: () => void) =>
      add.mutate({ data }, { onSuccess: (change) => (undoable('Added to your history.', change.id), then?.()) }),
    merge: (pairs: RecordingPair[], why: RecordingPairsWhy) =>
      merge.mutate(
        { data: { pairs, why } },
        {
          onSuccess: ({ track_ids }) =>
            say(`${plural(track_ids.length, 'track')} counted together with another.`, 'plain', {
              label: 'Take back',
              run: () => apart(track_ids),
            }),
        },
      ),
    split: apart,
    refuse: (pairs: RecordingPair[]) =>
      refuse.mutate(
        { data: { pairs } },
        {
          onSuccess: () =>
            say('Not suggested again.', 'plain', { label: 'Take back', run: () => unrefuse.mutate({ data: { pairs } }) }),
        },
      ),
    askAgain: (pairs: RecordingPair[]) =>
      unrefuse.mutate(
        { data: { pairs } },
        {
          onSuccess: () =>
            say('It may be suggested again.', 'plain', { label: 'Take back', run: () => refuse.mutate({ data: { pairs } }) }),
        },
      ),
    hide: (artist: NamedRef) =>
      hide.mutate(
        { artistId: artist.id },
        {
          onSuccess: () =>
            say(`${artist.name} no longer counts, past and future.`, 'plain', {
              label: 'Take back',
              run: () => show.mutate({ artistId: artist.id }),
            }),
        },
      ),
    show: (artist: NamedRef) =>
      show.mutate({ artistId: artist.id }, { onSuccess: () => say(`${artist.name} counts again, as before.`) }),
  };
}
