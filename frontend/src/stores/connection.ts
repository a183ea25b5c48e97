import { create } from 'zustand';

type Away = 'api' | 'sign-in';

interface ConnectionState {
  /** Who gave no answer, from the first request that got none until the next one that does. */
  away: Away | null;
  /** Whether the word of the import under way comes in, or its connection is being made again. */
  following: boolean;
  markAway: (who: Away) => void;
  markBack: () => void;
  markFollowing: (following: boolean) => void;
}

export const useConnection = create<ConnectionState>()((set, get) => ({
  away: null,
  following: true,
  markAway: (who) => {
    if (get().away !== who) set({ away: who });
  },
  markBack: () => {
    if (get().away) set({ away: null });
  },
  markFollowing: (following) => set({ following }),
}));
