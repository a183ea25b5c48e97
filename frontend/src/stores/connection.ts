import { create } from 'zustand';

type Away = 'api' | 'sign-in';

interface ConnectionState {
  /** Who gave no answer, from the first request that got none until the next one that does. */
  away: Away | null;
  markAway: (who: Away) => void;
  markBack: () => void;
}

export const useConnection = create<ConnectionState>()((set, get) => ({
  away: null,
  markAway: (who) => {
    if (get().away !== who) set({ away: who });
  },
  markBack: () => {
    if (get().away) set({ away: null });
  },
}));
