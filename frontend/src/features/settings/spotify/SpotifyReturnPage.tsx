import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { getReadSpotifyQueryKey, useFinishSpotify } from '@/api/generated';
import { ButtonLink } from '@/components/ui/Button';
import { PageHead } from '@/components/ui/Panel';
import { notDone } from '@/components/ui/States';
import { isLost } from '@/lib/http';
import { useTitle } from '@/lib/useTitle';

/** States that were handed in: one works once, and an effect may run twice. */
const handedIn = new Set<string>();

/** Where Spotify sends the browser back to: hands in what it brought, then shows Settings. */
export function SpotifyReturnPage() {
  useTitle('Connecting Spotify');
  const client = useQueryClient();
  const [brought] = useSearchParams();
  const code = brought.get('code');
  const state = brought.get('state');
  const { mutate, isSuccess, isError, error } = useFinishSpotify({
    mutation: { onSuccess: (fresh) => client.setQueryData(getReadSpotifyQueryKey(), fresh) },
  });
  useEffect(() => {
    if (!code || !state || handedIn.has(state)) return;
    handedIn.add(state);
    mutate({ data: { code, state } });
  }, [code, state, mutate]);
  if (isSuccess) return <Navigate to="/settings#spotify" replace />;
  if (code && state && !isError) return <PageHead title="Connecting your account" lead="Spotify said yes; its keys are being put away safely." />;
  return (
    <>
      <PageHead
        title={isLost(error) ? 'No answer came' : 'Nothing was connected'}
        lead={isError ? notDone('', error, 'Settings say whether your account is connected.') : 'You said no, or Spotify sent nothing back. Your history is as it was.'}
      />
      <ButtonLink to="/settings#spotify">Back to Settings</ButtonLink>
    </>
  );
}
