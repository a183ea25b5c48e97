import { create } from 'zustand';

interface ConnectionState {
  /** True from the first request that got no answer until the next one that does. */
  apiAway: boolean;
  markAway: () => void;
  markBack: () => void;
}

export const useConnection = create<ConnectionState>()((set, get) => ({
  apiAway: false,
  markAway: () => {
    if (!get().apiAway) set({ apiAway: true });
  },
  markBack: () => {
    if (get().apiAway) set({ apiAway: false });
  },
}));
