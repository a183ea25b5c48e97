import { useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { useReadConfig } from '@/api/generated';
import { Disc } from '@/components/groove/Disc';
import { startAuth } from '@/lib/auth';
import { forgetListener } from '@/lib/queryClient';
import { useSession } from '@/stores/session';
import { useSoundFiles } from '@/stores/soundFiles';
import { useUploads } from '@/stores/uploads';

const ASK_AGAIN_MS = 2_000;

/** Nothing can be shown before it is known where one signs in; it asks until the server answers. */
export function Starting({ children }: { children: ReactNode }) {
  const config = useReadConfig({
    query: { staleTime: Infinity, retry: true, retryDelay: ASK_AGAIN_MS },
  });
  const client = useQueryClient();
  const status = useSession((state) => state.status);
  useEffect(() => {
    if (config.data)
      startAuth(config.data.firebase, () => {
        forgetListener(client);
        useUploads.getState().clear();
        useSoundFiles.getState().clear();
      });
  }, [client, config.data]);
  if (config.data && status !== 'starting') return children;
  return <Waiting late={config.failureCount > 0} />;
}

export function Waiting({ late }: { late: boolean }) {
  return (
    <div role="status" className="grid min-h-dvh place-items-center p-8 text-center">
      <div>
        <Disc grooves={14} className="mx-auto w-40 animate-breathe" />
        <p className="mt-6 min-h-12 text-muted">
          {late ? (
            <>
              Tonearm’s server is not answering yet. This page goes on by itself as soon as it does.
              <br />
              Your history is safe.
            </>
          ) : (
            'Lowering the arm'
          )}
        </p>
      </div>
    </div>
  );
}
