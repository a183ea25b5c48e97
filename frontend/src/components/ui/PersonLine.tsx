import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { PersonRef } from '@/api/generated/model';
import { Avatar } from './Avatar';

/** Somebody in a list, with what can be done about them at the end of the line. */
export function PersonLine({ person, children }: { person: PersonRef; children?: ReactNode }) {
  return (
    <li className="flex items-center gap-3">
      <Avatar handle={person.handle} name={person.display_name} />
      <Link to={`/people/${person.handle}`} className="min-w-0 flex-1 hover:underline">
        <span className="font-medium">{person.display_name}</span>
        <br />
        <span className="text-muted">@{person.handle}</span>
      </Link>
      {children}
    </li>
  );
}
