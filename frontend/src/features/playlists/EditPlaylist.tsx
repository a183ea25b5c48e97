import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getListPlaylistsQueryKey, getReadPlaylistQueryKey, useChangePlaylist } from '@/api/generated';
import type { Playlist } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Field } from '@/components/ui/Field';
import { notDone } from '@/components/ui/States';

export function EditPlaylist({ playlist, onClose }: { playlist: Playlist; onClose: () => void }) {
  const [name, setName] = useState(playlist.name);
  const [description, setDescription] = useState(playlist.description);
  const client = useQueryClient();
  const change = useChangePlaylist({
    mutation: {
      onSuccess: (fresh) => {
        client.setQueryData(getReadPlaylistQueryKey(playlist.id), fresh);
        void client.invalidateQueries({ queryKey: getListPlaylistsQueryKey() });
        onClose();
      },
    },
  });
  return (
    <Dialog open title="Rename" onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ playlistId: playlist.id, data: { name, description } });
        }}
      >
        <Field label="Name" required maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        <Field
          label="A line about it"
          maxLength={300}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
          trouble={change.isError ? notDone('', change.error) : null}
        />
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" look="signal" busy={change.isPending}>
            Keep it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
