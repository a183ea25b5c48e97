import {
  AudioLines,
  CalendarClock,
  ChartNoAxesColumn,
  Disc3,
  Ear,
  History,
  House,
  ListMusic,
  MessagesSquare,
  Settings,
  Upload,
  type LucideIcon,
} from 'lucide-react';

export interface Place {
  to: string;
  label: string;
  icon: LucideIcon;
}

export const PLACES: Place[] = [
  { to: '/home', label: 'Home', icon: House },
  { to: '/explore', label: 'Explore', icon: ChartNoAxesColumn },
  { to: '/history', label: 'History', icon: History },
  { to: '/wraps', label: 'Wraps', icon: Disc3 },
  { to: '/habits', label: 'Habits', icon: CalendarClock },
  { to: '/for-you', label: 'For you', icon: AudioLines },
  { to: '/community', label: 'Community', icon: MessagesSquare },
  { to: '/playlists', label: 'Playlists', icon: ListMusic },
];

export const TOOLS: Place[] = [
  { to: '/import', label: 'Import', icon: Upload },
  { to: '/sound', label: 'Sound', icon: Ear },
  { to: '/settings', label: 'Settings', icon: Settings },
];

/** What fits under a thumb; the rest is behind "More". */
export const UNDER_THE_THUMB = ['/home', '/explore', '/wraps', '/for-you'];
