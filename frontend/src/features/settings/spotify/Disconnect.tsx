import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getReadSpotifyQueryKey, useDisconnectSpotify } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { notDone } from '@/components/ui/States';
import { plural } from '@/lib/format';

export function Disconnect({ plays }: { plays: number }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const disconnect = useDisconnectSpotify({
    mutation: {
      onSuccess: (fresh) => {
        client.setQueryData(getReadSpotifyQueryKey(), fresh);
        setAsking(false);
      },
    },
  });
  return (
    <>
      <Button look="quiet" onClick={() => setAsking(true)}>
        Disconnect
      </Button>
      <Dialog open={asking} title="Disconnect Spotify?" onClose={() => setAsking(false)}>
        <p>
          Our keys to your account are deleted at once. {plays > 0 ? `${plural(plays, 'play')} that came from there are` : 'What came from there is'}{' '}
          deleted in three days, unless you connect again before; Spotify’s terms ask for it within five. Plays of your exports stay.
        </p>
        {disconnect.isError && (
          <p role="alert" className="mt-3 text-signal-text">
            {notDone('Nothing was changed.', disconnect.error)}
          </p>
        )}
        <div className="mt-5 flex flex-wrap justify-end gap-3">
          <Button onClick={() => setAsking(false)}>Stay connected</Button>
          <Button busy={disconnect.isPending} onClick={() => disconnect.mutate({ params: { delete_now: true } })}>
            Delete it all now
          </Button>
          <Button look="danger" busy={disconnect.isPending} onClick={() => disconnect.mutate({ params: {} })}>
            Disconnect
          </Button>
        </div>
      </Dialog>
    </>
  );
}
