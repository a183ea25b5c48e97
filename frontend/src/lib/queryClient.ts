import { QueryClient } from '@tanstack/react-query';
import { isAway, isToldToComeBack } from './http';

const PATIENT_TRIES = 5;

/** A process that restarts is back within seconds: ask again, ever more slowly, before showing an error. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // The API is usually on this very machine: a laptop without a network still reaches it.
        networkMode: 'always',
        retry: (failures, error) => (isAway(error) || isToldToComeBack(error)) && failures < PATIENT_TRIES,
        retryDelay: (attempt) => Math.min(600 * 2 ** attempt, 6_000),
        refetchOnWindowFocus: false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
