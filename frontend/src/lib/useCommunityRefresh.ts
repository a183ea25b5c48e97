import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

const COMMUNITY = ['/api/v1/feed', '/api/v1/posts', '/api/v1/people', '/api/v1/notifications'];

/** After a word or a follow: everything of the community is asked anew, nothing else. */
export function useCommunityRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) =>
          typeof queryKey[0] === 'string' && COMMUNITY.some((path) => String(queryKey[0]).startsWith(path)),
      }),
    [client],
  );
}
