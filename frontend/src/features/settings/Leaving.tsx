import { useState } from 'react';
import { useDeleteAccount } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { Dialog } from '@/components/ui/Dialog';
import { Field } from '@/components/ui/Field';
import { notDone } from '@/components/ui/States';
import { leave } from '@/lib/auth';

const WORD = 'delete';

export function Leaving() {
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const remove = useDeleteAccount({ mutation: { onSuccess: leave } });
  return (
    <div className="flex flex-wrap gap-3">
      <Button onClick={() => void leave()}>Sign out</Button>
      <Button look="danger" onClick={() => setAsking(true)}>
        Delete my account
      </Button>
      <Dialog open={asking} title="Delete your account?" onClose={() => setAsking(false)}>
        <p>
          Your plays, imports, playlists, posts and links are removed at once and for good. Your Spotify account is not
          touched.
        </p>
        <form
          className="mt-4 space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            remove.mutate();
          }}
        >
          <Field
            label={`Type “${WORD}” to be sure`}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            trouble={remove.isError ? notDone('Nothing was deleted.', remove.error, 'Press once more to be sure.') : null}
          />
          <div className="flex justify-end gap-3">
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button type="submit" look="danger" busy={remove.isPending} disabled={typed.trim().toLowerCase() !== WORD}>
              Delete everything
            </Button>
          </div>
        </form>
      </Dialog>
    </div>
  );
}
