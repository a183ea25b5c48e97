import { QueryClient } from '@tanstack/react-query';
import { getReadConfigQueryKey } from '@/api/generated';
import { isAway, isToldToComeBack, isTurnedAway } from './http';

const PATIENT_TRIES = 5;

const everMoreSlowly = (attempt: number) => Math.min(600 * 2 ** attempt, 6_000);

/** A process that restarts is back within seconds: ask again, ever more slowly, before showing an error. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // what is older is asked anew when the listener comes back to the window
        staleTime: 30_000,
        // The API is usually on this very machine: a laptop without a network still reaches it.
        networkMode: 'always',
        retry: (failures, error) => (isAway(error) || isToldToComeBack(error)) && failures < PATIENT_TRIES,
        retryDelay: everMoreSlowly,
      },
      mutations: {
        networkMode: 'always',
        // anything else may have been done, and its answer lost: a person decides whether to send it twice
        retry: (failures, error) => isTurnedAway(error) && failures < PATIENT_TRIES,
        retryDelay: everMoreSlowly,
      },
    },
  });
}

const [CONFIG] = getReadConfigQueryKey();

/** Everything that was fetched for one listener; how this server is set up is the same for everybody. */
export function forgetListener(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== CONFIG });
  client.getMutationCache().clear();
}
