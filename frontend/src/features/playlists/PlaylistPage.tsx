import { useQueryClient } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import {
  getListPlaylistsQueryKey,
  getReadPlaylistQueryKey,
  useChangePlaylist,
  useDeletePlaylist,
  useReadPlaylist,
} from '@/api/generated';
import type { Playlist } from '@/api/generated/model';
import { TrackLine } from '@/components/listening/TrackLine';
import { Button, ButtonLink, IconButton } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { PageHead } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { Empty, notDone } from '@/components/ui/States';
import { plural } from '@/lib/format';
import { statusOf } from '@/lib/http';
import { useTitle } from '@/lib/useTitle';
import { useToasts } from '@/stores/toasts';
import { EditPlaylist } from './EditPlaylist';
import { TakeAlong } from './TakeAlong';

const CHANGED_MEANWHILE = 409;

export function PlaylistPage() {
  const id = Number(useParams().id);
  const playlist = useReadPlaylist(id);
  useTitle(playlist.data?.name ?? 'Playlist');
  return (
    <QueryView query={playlist} what="fetch this playlist">
      {(data) => (
        <>
          <PageHead
            title={data.name}
            lead={[data.description, plural(data.tracks.length, 'track')].filter(Boolean).join(' ')}
            control={<Tools playlist={data} />}
          />
          {data.tracks.length === 0 ? (
            <Empty title="Nothing in it yet" action={<ButtonLink to="/for-you">See suggestions</ButtonLink>}>
              Add tracks from their own pages, from lists or from what is suggested to you.
            </Empty>
          ) : (
            <Tracks playlist={data} />
          )}
        </>
      )}
    </QueryView>
  );
}

function Tracks({ playlist }: { playlist: Playlist }) {
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const change = useChangePlaylist({
    mutation: {
      onSuccess: (fresh) => client.setQueryData(getReadPlaylistQueryKey(playlist.id), fresh),
      onError: (error) => {
        say(notDone('The order was not kept.', error), 'trouble');
        if (statusOf(error) === CHANGED_MEANWHILE) void client.invalidateQueries({ queryKey: getReadPlaylistQueryKey(playlist.id) });
      },
    },
  });
  const ids = playlist.tracks.map((track) => track.id);
  const keep = (order: number[]) => change.mutate({ playlistId: playlist.id, data: { track_ids: order, instead_of: ids } });
  const swap = (at: number, by: number) => {
    const order = [...ids];
    const [moved] = order.splice(at, 1);
    if (moved !== undefined) order.splice(at + by, 0, moved);
    keep(order);
  };
  return (
    <ol className="max-w-3xl">
      {playlist.tracks.map((track, index) => (
        <li key={`${track.id} ${ids.slice(0, index).filter((id) => id === track.id).length}`} className="border-t border-line">
          <TrackLine
            track={track}
            aside={
              <span className="-mr-3 flex">
                <IconButton label={`Move ${track.name} up`} disabled={index === 0 || change.isPending} onClick={() => swap(index, -1)}>
                  <ArrowUp size={16} aria-hidden />
                </IconButton>
                <IconButton
                  label={`Move ${track.name} down`}
                  disabled={index === ids.length - 1 || change.isPending}
                  onClick={() => swap(index, 1)}
                >
                  <ArrowDown size={16} aria-hidden />
                </IconButton>
                <IconButton
                  label={`Take ${track.name} out`}
                  disabled={change.isPending}
                  onClick={() => keep(ids.filter((_, at) => at !== index))}
                >
                  <X size={16} aria-hidden />
                </IconButton>
              </span>
            }
          />
        </li>
      ))}
    </ol>
  );
}

function Tools({ playlist }: { playlist: Playlist }) {
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const say = useToasts((state) => state.say);
  const remove = useDeletePlaylist({
    mutation: {
      onSuccess: () => {
        void client.invalidateQueries({ queryKey: getListPlaylistsQueryKey() });
        void navigate('/playlists');
      },
      onError: (error) => say(notDone('The playlist is still there.', error), 'trouble'),
    },
  });
  return (
    <div className="flex flex-wrap gap-3">
      {playlist.tracks.length > 0 && <TakeAlong playlist={playlist} />}
      <Button onClick={() => setEditing(true)}>Rename</Button>
      <Button look="quiet" onClick={() => setDeleting(true)}>
        Delete
      </Button>
      {editing && <EditPlaylist playlist={playlist} onClose={() => setEditing(false)} />}
      <Dialog open={deleting} title={`Delete ${playlist.name}?`} onClose={() => setDeleting(false)}>
        <p>The list is gone for good. The tracks and your listening stay as they are.</p>
        <div className="mt-6 flex justify-end gap-3">
          <Button onClick={() => setDeleting(false)}>Keep it</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate({ playlistId: playlist.id })}>
            Delete playlist
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
