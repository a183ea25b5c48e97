import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { Trouble } from '@/components/ui/States';

interface FurtherProps {
  pages: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'error' | 'fetchNextPage'>;
  /** What the button says, for those who do not scroll. */
  label: string;
  /** What is being fetched, as the end of "We could not …". */
  what: string;
  /** After the last page. */
  children?: ReactNode;
}

/** The end of a long list: the next page comes before one is there; a page that did not come waits to be asked again. */
export function Further({ pages, label, what, children }: FurtherProps) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, error, fetchNextPage } = pages;
  const end = useRef<HTMLDivElement>(null);
  const waits = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (!end.current || !waits || typeof IntersectionObserver === 'undefined') return;
    const watch = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && void fetchNextPage(), {
      rootMargin: '800px',
    });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [waits, fetchNextPage]);
  return (
    <div ref={end}>
      {isFetchNextPageError ? (
        <Trouble error={error} what={what} onRetry={() => void fetchNextPage()} />
      ) : hasNextPage ? (
        <Button look="quiet" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {label}
        </Button>
      ) : (
        children
      )}
    </div>
  );
}
