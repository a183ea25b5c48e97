import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PeoplePage, Person } from '@/api/generated/model';
import { Button } from './Button';
import { PersonLine } from './PersonLine';
import { SkeletonRows, Trouble } from './States';

interface PeopleListProps {
  /** Of the first page. */
  queryKey: readonly unknown[];
  ask: (params: { after: string } | undefined, signal: AbortSignal) => Promise<PeoplePage>;
  /** What is being fetched, as the end of "We could not …". */
  what: string;
  nobody: string;
  act: (person: Person) => ReactNode;
}

/** People by their handles, page by page. */
export function PeopleList({ queryKey, ask, what, nobody, act }: PeopleListProps) {
  const people = useInfiniteQuery({
    queryKey: [...queryKey, 'pages'],
    queryFn: ({ pageParam, signal }) => ask(pageParam ? { after: pageParam } : undefined, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_after,
  });
  if (people.data === undefined) {
    if (people.isError) return <Trouble error={people.error} what={what} onRetry={() => void people.refetch()} />;
    return <SkeletonRows rows={2} />;
  }
  const everybody = people.data.pages.flatMap((page) => page.items);
  if (everybody.length === 0) return <p className="text-muted">{nobody}</p>;
  return (
    <>
      <ul className="space-y-3">
        {everybody.map((person) => (
          <PersonLine key={person.handle} person={person}>
            {act(person)}
          </PersonLine>
        ))}
      </ul>
      {people.hasNextPage && (
        <Button className="mt-4" busy={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
          Show more people
        </Button>
      )}
    </>
  );
}
