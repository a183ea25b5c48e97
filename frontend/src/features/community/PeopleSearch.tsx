import { useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import { useSearchPeople } from '@/api/generated';
import { Field } from '@/components/ui/Field';
import { PersonLine } from '@/components/ui/PersonLine';
import { QueryView } from '@/components/ui/QueryView';
import { FollowButton } from './FollowButton';

export function PeopleSearch({ mine }: { mine: string | undefined }) {
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim().replace(/^@/, ''));
  const people = useSearchPeople({ query }, { query: { enabled: query.length > 0 } });
  return (
    <>
      <Field
        label="Find people"
        placeholder="Name or handle"
        hint={
          mine && (
            <>
              You are @{mine} here.{' '}
              <Link to={`/people/${mine}`} className="text-ink underline">
                Who follows you, and whom you follow
              </Link>
            </>
          )
        }
        type="search"
        autoComplete="off"
        maxLength={80}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {query && (
        <div className="mt-4">
          <QueryView
            query={people}
            what="search for people"
            empty={(data) => data.items.length === 0 && <p className="text-muted">Nobody by that name can be found here.</p>}
          >
            {(data) => (
              <ul className="space-y-3">
                {data.items.map((person) => (
                  <PersonLine key={person.handle} person={person}>
                    {!person.is_me && <FollowButton person={person} />}
                  </PersonLine>
                ))}
              </ul>
            )}
          </QueryView>
        </div>
      )}
    </>
  );
}
