import { Search } from 'lucide-react';
import { NavLink } from 'react-router';
import { Logo } from '@/components/groove/Logo';
import { cx } from '@/components/ui/classes';
import { NotificationsLink } from './NotificationsLink';
import { PLACES, TOOLS, type Place } from './navigation';

/** Navigation on a desktop: words with a needle beside the place one is at. */
export function Rail({ onSearch }: { onSearch: () => void }) {
  return (
    <nav
      aria-label="Main"
      className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col border-r border-line px-6 py-8 lg:flex"
    >
      <NavLink to="/home" aria-label="Tonearm, home" className="mb-9">
        <Logo />
      </NavLink>
      <button
        type="button"
        onClick={onSearch}
        aria-haspopup="dialog"
        className="mb-3 flex min-h-11 items-center gap-3.5 text-muted transition-colors hover:text-ink"
      >
        <Search size={19} strokeWidth={1.7} aria-hidden />
        Search
        <kbd className="ml-auto rounded-small border border-line px-1.5 text-tick">/</kbd>
      </button>
      <ul className="space-y-0.5">
        {PLACES.map((place) => (
          <RailItem key={place.to} {...place} />
        ))}
      </ul>
      <ul className="mt-auto space-y-0.5">
        <li>
          <NotificationsLink />
        </li>
        {TOOLS.map((place) => (
          <RailItem key={place.to} {...place} />
        ))}
      </ul>
    </nav>
  );
}

function RailItem({ to, label, icon: Icon }: Place) {
  return (
    <li>
      <NavLink
        to={to}
        className={({ isActive }) =>
          cx(
            'relative flex min-h-11 items-center gap-3.5 transition-colors',
            isActive ? 'font-medium text-ink' : 'text-muted hover:text-ink',
          )
        }
      >
        {({ isActive }) => (
          <>
            <span
              aria-hidden
              className={cx(
                'absolute top-1/2 -left-6 h-6 w-1 -translate-y-1/2 rounded-r-small bg-signal transition-opacity',
                isActive ? 'opacity-100' : 'opacity-0',
              )}
            />
            <Icon size={19} strokeWidth={1.7} aria-hidden />
            {label}
          </>
        )}
      </NavLink>
    </li>
  );
}
