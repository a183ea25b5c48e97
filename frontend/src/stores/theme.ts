import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Theme = 'system' | 'light' | 'dark';

interface ThemeState {
  theme: Theme;
  choose: (theme: Theme) => void;
}

export const useTheme = create<ThemeState>()(
  persist((set) => ({ theme: 'system', choose: (theme) => set({ theme }) }), { name: 'tonearm.theme' }),
);

/** Puts the chosen ground on <html> and keeps it there as the choice or the system's preference changes. */
export function followTheme(): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const paint = () => {
    const { theme } = useTheme.getState();
    const dark = theme === 'dark' || (theme === 'system' && system.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  };
  paint();
  system.addEventListener('change', paint);
  const forget = useTheme.subscribe(paint);
  return () => {
    system.removeEventListener('change', paint);
    forget();
  };
}
