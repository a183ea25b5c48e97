import { Bell } from 'lucide-react';
import { NavLink } from 'react-router';
import { useListNotifications } from '@/api/generated';
import { cx } from '@/components/ui/classes';

export function NotificationsLink() {
  const { data } = useListNotifications(undefined, { query: { refetchInterval: 60_000 } });
  const unread = data?.unread ?? 0;
  return (
    <NavLink
      to="/notifications"
      className={({ isActive }) =>
        cx('flex min-h-11 items-center gap-3.5', isActive ? 'font-medium text-ink' : 'text-muted hover:text-ink')
      }
    >
      <span className="relative">
        <Bell size={19} strokeWidth={1.7} aria-hidden />
        {unread > 0 && <span className="absolute -top-0.5 -right-0.5 size-2 rounded-round bg-signal" aria-hidden />}
      </span>
      News
      {unread > 0 && <span className="ml-auto text-signal-text" aria-label={`${unread} unread`}>{unread}</span>}
    </NavLink>
  );
}
