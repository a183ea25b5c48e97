import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from 'react-router';
import { getReadAccountQueryKey, openAccount } from '@/api/generated';
import { Button } from '@/components/ui/Button';
import { Trouble } from '@/components/ui/States';
import { leave } from '@/lib/auth';
import { useSession } from '@/stores/session';
import { Waiting } from './Starting';

/** Lets only listeners through; the first time after a sign-in it opens (or makes) their account. */
export function SignedIn() {
  const { status, email } = useSession();
  const client = useQueryClient();
  const { pathname, search } = useLocation();
  const account = useQuery({
    queryKey: ['opened account', email],
    enabled: status === 'signed-in',
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const opened = await openAccount({ time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone }, undefined, signal);
      client.setQueryData(getReadAccountQueryKey(), opened);
      return opened;
    },
  });
  if (status === 'signed-out') {
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  }
  // what was opened once stays open while a later look fails
  if (account.isError && !account.data) {
    return (
      <main className="grid min-h-dvh place-items-center p-6">
        <div>
          <Trouble error={account.error} what="open your account" onRetry={() => void account.refetch()} />
          <Button look="quiet" className="mt-4" onClick={() => void leave()}>
            Sign out
          </Button>
        </div>
      </main>
    );
  }
  return account.data ? <Outlet /> : <Waiting late={account.failureCount > 0} />;
}
