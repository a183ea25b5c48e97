import { Menu, Search } from 'lucide-react';
import { useState } from 'react';
import { NavLink, useLocation } from 'react-router';
import { cx } from '@/components/ui/classes';
import { Dialog } from '@/components/ui/Dialog';
import { NotificationsLink } from './NotificationsLink';
import { PLACES, TOOLS, UNDER_THE_THUMB } from './navigation';

const ITEM = 'flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-tick transition-colors';

/** Navigation on a phone, under the thumb. */
export function BottomBar({ onSearch }: { onSearch: () => void }) {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const [openedAt, setOpenedAt] = useState(pathname);
  if (open && pathname !== openedAt) setOpen(false);
  const more = [...PLACES.filter((place) => !UNDER_THE_THUMB.includes(place.to)), ...TOOLS];
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-ground/95 pb-[env(safe-area-inset-bottom)] backdrop-blur lg:hidden"
    >
      <div className="flex">
        {PLACES.filter((place) => UNDER_THE_THUMB.includes(place.to)).map(({ to, label, icon: Icon }) => (
          <NavLink key={to} to={to} className={({ isActive }) => cx(ITEM, isActive ? 'text-signal-text' : 'text-muted')}>
            <Icon size={21} strokeWidth={1.7} aria-hidden />
            {label}
          </NavLink>
        ))}
        <button
          type="button"
          className={cx(ITEM, 'text-muted')}
          aria-haspopup="dialog"
          onClick={() => {
            setOpenedAt(pathname);
            setOpen(true);
          }}
        >
          <Menu size={21} strokeWidth={1.7} aria-hidden />
          More
        </button>
      </div>
      <Dialog open={open} title="More" onClose={() => setOpen(false)}>
        <ul onClick={() => setOpen(false)}>
          <li>
            <button
              type="button"
              aria-haspopup="dialog"
              onClick={onSearch}
              className="flex min-h-12 w-full items-center gap-3.5 text-muted"
            >
              <Search size={19} strokeWidth={1.7} aria-hidden />
              Search your library
            </button>
          </li>
          <li>
            <NotificationsLink />
          </li>
          {more.map(({ to, label, icon: Icon }) => (
            <li key={to}>
              <NavLink
                to={to}
                className={({ isActive }) => cx('flex min-h-12 items-center gap-3.5', isActive ? 'text-ink' : 'text-muted')}
              >
                <Icon size={19} strokeWidth={1.7} aria-hidden />
                {label}
              </NavLink>
            </li>
          ))}
        </ul>
      </Dialog>
    </nav>
  );
}
