import { useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import { useSearchPeople } from '@/api/generated';
import { Avatar } from '@/components/ui/Avatar';
import { Field } from '@/components/ui/Field';
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
        hint={mine && `You are @${mine} here.`}
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
                  <li key={person.handle} className="flex items-center gap-3">
                    <Avatar handle={person.handle} name={person.display_name} />
                    <Link to={`/people/${person.handle}`} className="min-w-0 flex-1 hover:underline">
                      <span className="font-medium">{person.display_name}</span>
                      <br />
                      <span className="text-muted">@{person.handle}</span>
                    </Link>
                    {!person.is_me && <FollowButton person={person} />}
                  </li>
                ))}
              </ul>
            )}
          </QueryView>
        </div>
      )}
    </>
  );
}
