import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { getListPlaylistsQueryKey, useMakePlaylist } from '@/api/generated';
import type { TrackRef } from '@/api/generated/model';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Field } from '@/components/ui/Field';
import { MADE_ONCE, notDone } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { useToasts } from '@/stores/toasts';

interface MakePlaylistProps {
  open: boolean;
  onOpen: (open: boolean) => void;
  suggested: string;
  tracks: TrackRef[];
}

/** Keeps these suggestions as a playlist. */
export function MakePlaylist({ open, onOpen, suggested, tracks }: MakePlaylistProps) {
  const [name, setName] = useState<string | null>(null);
  const navigate = useNavigate();
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const make = useMakePlaylist({
    mutation: {
      onSuccess: (playlist) => {
        void client.invalidateQueries({ queryKey: getListPlaylistsQueryKey() });
        void navigate(`/playlists/${playlist.id}`);
      },
      onError: (error) => say(notDone('The playlist was not made.', error, MADE_ONCE), 'trouble'),
    },
  });
  return (
    <>
      <Button onClick={() => onOpen(true)} disabled={tracks.length === 0}>
        Make a playlist
      </Button>
      <Dialog open={open} title="Make a playlist" onClose={() => onOpen(false)}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate({ data: { name: name ?? suggested, track_ids: tracks.map((track) => track.id) } });
          }}
        >
          <Field
            label="Name"
            required
            maxLength={80}
            value={name ?? suggested}
            onChange={(event) => setName(event.target.value)}
            hint={`${plural(tracks.length, 'track')}, in this order.`}
          />
          <div className="mt-5 flex justify-end gap-3">
            <Button onClick={() => onOpen(false)}>Not now</Button>
            <Button type="submit" look="signal" busy={make.isPending}>
              Make it
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
