import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { NewPlaylist } from './NewPlaylist';

interface MakePlaylistProps {
  /** Its name, until the listener gives it another. */
  suggested: string;
  /** Tracks in the order that they are shown in; none for one that begins empty. */
  ids: number[];
  label?: string;
}

/** Keeps a list of tracks as a playlist. */
export function MakePlaylist({ suggested, ids, label = 'Make a playlist' }: MakePlaylistProps) {
  // as they stood when it was pressed: what is shown behind the dialog may change
  const [kept, keep] = useState<number[] | null>(null);
  const navigate = useNavigate();
  return (
    <>
      <Button onClick={() => keep(ids)}>{label}</Button>
      {kept && (
        <Dialog open title={label} onClose={() => keep(null)}>
          <NewPlaylist suggested={suggested} ids={kept} onMade={({ id }) => void navigate(`/playlists/${id}`)} />
        </Dialog>
      )}
    </>
  );
}
