import { create } from 'zustand';

type Status = 'starting' | 'signed-out' | 'signed-in';

interface SessionState {
  status: Status;
  email: string | null;
  /** Why the listener was signed out, in a sentence, when it was not their own doing. */
  notice: string | null;
  signedIn: (email: string | null) => void;
  signedOut: (notice?: string) => void;
}

export const useSession = create<SessionState>()((set, get) => ({
  status: 'starting',
  email: null,
  notice: null,
  signedIn: (email) => set({ status: 'signed-in', email, notice: null }),
  signedOut: (notice) => set({ status: 'signed-out', email: null, notice: notice ?? get().notice }),
}));
