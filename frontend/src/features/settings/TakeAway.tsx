import { useMakeExportLink } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { why } from '@/components/ui/States';
import { useToasts } from '@/stores/toasts';

/** Everything of one's own, by the browser's own download: it shows how far it is, and needs no memory of the page's. */
export function TakeAway() {
  const say = useToasts((state) => state.say);
  const link = useMakeExportLink({
    mutation: {
      onSuccess: ({ url }) => window.location.assign(url),
      onError: (error) => say(`Nothing was downloaded. ${why(error)}`, 'trouble'),
    },
  });
  return (
    <div className="space-y-4">
      <p className="text-muted">
        Every play as JSON in Spotify’s own shape and as a table, a file for ListenBrainz, your account, imports,
        playlists, posts and all else. Bring the ZIP to any Tonearm and your history is the same again, with playlists,
        merges, hidden artists and what you changed by hand. Posts, comments and follows stay behind.
      </p>
      <Button busy={link.isPending} onClick={() => link.mutate()}>
        Download everything
      </Button>
    </div>
  );
}
