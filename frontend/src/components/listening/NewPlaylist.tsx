import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getListPlaylistsQueryKey, useMakePlaylist } from '@/api/generated';
import type { Playlist } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Field, Select } from '@/components/ui/Field';
import { MADE_ONCE, notDone } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { useToasts } from '@/stores/toasts';

const SIZES = [25, 50, 100];
/** No playlist holds more. */
const MOST = 500;

interface NewPlaylistProps {
  suggested: string;
  ids: number[];
  onMade: (playlist: Playlist) => void;
  label?: string;
}

/** Names a new playlist and, of a long list, says how much of it is kept. */
export function NewPlaylist({ suggested, ids, onMade, label = 'Name' }: NewPlaylistProps) {
  const most = Math.min(ids.length, MOST);
  const sizes = [...SIZES.filter((size) => size < most), most];
  const [name, setName] = useState(suggested);
  const [size, setSize] = useState(most);
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const make = useMakePlaylist({
    mutation: {
      onSuccess: (playlist) => {
        void client.invalidateQueries({ queryKey: getListPlaylistsQueryKey() });
        onMade(playlist);
      },
      onError: (error) => say(notDone('The playlist was not made.', error, MADE_ONCE), 'trouble'),
    },
  });
  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({ data: { name, track_ids: ids.slice(0, size) } });
      }}
    >
      <Field
        label={label}
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.target.value)}
        hint={size > 0 ? `${plural(size, 'track')}, in this order.` : 'It begins empty. Tracks come from their own pages, from lists and from suggestions.'}
      />
      {sizes.length > 1 && (
        <Select label="How many" value={size} onChange={(event) => setSize(Number(event.target.value))}>
          {sizes.map((each) => (
            <option key={each} value={each}>
              The first {each}
            </option>
          ))}
        </Select>
      )}
      <Button type="submit" look="signal" busy={make.isPending}>
        Make it
      </Button>
    </form>
  );
}
