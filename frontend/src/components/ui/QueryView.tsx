import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { SkeletonRows, Trouble } from './States';

interface QueryViewProps<T> {
  query: UseQueryResult<T, unknown>;
  /** What is being fetched, as the end of "We could not …". */
  what: string;
  skeleton?: ReactNode;
  empty?: (data: T) => ReactNode | null | false;
  children: (data: T) => ReactNode;
}

/** The four faces of anything fetched: on its way, not there, nothing in it, here. Old data stays while it refreshes. */
export function QueryView<T>({ query, what, skeleton, empty, children }: QueryViewProps<T>) {
  if (query.data !== undefined) {
    const nothing = empty?.(query.data);
    return nothing ? <>{nothing}</> : <>{children(query.data)}</>;
  }
  if (query.isError) {
    return <Trouble error={query.error} what={what} onRetry={() => void query.refetch()} className="my-8" />;
  }
  return <>{skeleton ?? <SkeletonRows />}</>;
}
