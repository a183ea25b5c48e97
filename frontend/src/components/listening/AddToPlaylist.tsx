import { useQueryClient } from '@tanstack/react-query';
import { ListPlus } from 'lucide-react';
import { useState } from 'react';
import { getListPlaylistsQueryKey, getReadPlaylistQueryKey, useAddToPlaylist, useListPlaylists } from '@/api/generated';
import type { Playlist, TrackRef } from '@/api/generated/model';
import { Button, IconButton } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { QueryView } from '@/components/ui/QueryView';
import { MADE_ONCE, notDone } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { useToasts } from '@/stores/toasts';
import { NewPlaylist } from './NewPlaylist';

interface AddToPlaylistProps {
  track: TrackRef;
  /** In a row of many, without words. */
  small?: boolean;
}

/** Puts a track at the end of one of the listener's playlists, or begins another with it. */
export function AddToPlaylist({ track, small = false }: AddToPlaylistProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {small ? (
        <IconButton label={`Add ${track.name} to a playlist`} onClick={() => setOpen(true)}>
          <ListPlus size={18} aria-hidden />
        </IconButton>
      ) : (
        <Button look="quiet" onClick={() => setOpen(true)}>
          <ListPlus size={18} aria-hidden /> Add to a playlist
        </Button>
      )}
      {open && (
        <Dialog open title={`Add ${track.name} to`} onClose={() => setOpen(false)}>
          <Choice track={track} onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  );
}

function Choice({ track, onDone }: { track: TrackRef; onDone: () => void }) {
  const playlists = useListPlaylists();
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const added = (playlist: Playlist) => {
    client.setQueryData(getReadPlaylistQueryKey(playlist.id), playlist);
    onDone();
    say(`${track.name} is in ${playlist.name} now.`);
  };
  const add = useAddToPlaylist({
    mutation: {
      onSuccess: (playlist) => {
        void client.invalidateQueries({ queryKey: getListPlaylistsQueryKey() });
        added(playlist);
      },
      onError: (error) => say(notDone('It was not added.', error, MADE_ONCE), 'trouble'),
    },
  });
  return (
    <QueryView query={playlists} what="fetch your playlists">
      {({ items }) => (
        <>
          <ul className="mb-6 max-h-[min(20rem,40dvh)] overflow-auto">
            {items.map((playlist) => (
              <li key={playlist.id}>
                <button
                  type="button"
                  aria-disabled={add.isPending || undefined}
                  className="flex min-h-11 w-full items-baseline justify-between gap-3 rounded-small px-3 py-2 text-left hover:bg-raised"
                  onClick={() => !add.isPending && add.mutate({ playlistId: playlist.id, data: { track_ids: [track.id] } })}
                >
                  <span className="min-w-0 truncate font-medium">{playlist.name}</span>
                  <span className="shrink-0 text-muted">{plural(playlist.track_count, 'track')}</span>
                </button>
              </li>
            ))}
          </ul>
          <NewPlaylist label={items.length > 0 ? 'Or to a new one' : 'A new one'} suggested="" ids={[track.id]} onMade={added} />
        </>
      )}
    </QueryView>
  );
}
