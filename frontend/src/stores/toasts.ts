import { create } from 'zustand';

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'trouble';
  action?: ToastAction;
}

interface ToastState {
  toasts: Toast[];
  /** The dialogs that stand open, the topmost last: all else is dimmed and deaf, so what is said is said in there. */
  dialogs: string[];
  /** A dialog opens; returns what to call when it closes. */
  enter: (dialog: string) => () => void;
  say: (text: string, tone?: Toast['tone'], action?: ToastAction) => void;
  dismiss: (id: number) => void;
}

const SECONDS_ON_SCREEN = 6;
/** Something can be taken back: there is time to read it and to reach it by keyboard. */
const SECONDS_TO_ACT = 15;
let lastId = 0;

export const useToasts = create<ToastState>()((set, get) => ({
  toasts: [],
  dialogs: [],
  enter: (dialog) => {
    set({ dialogs: [...get().dialogs, dialog] });
    return () => set({ dialogs: get().dialogs.filter((open) => open !== dialog) });
  },
  say: (text, tone = 'plain', action) => {
    lastId += 1;
    const id = lastId;
    set({ toasts: [...get().toasts.slice(-2), { id, text, tone, ...(action && { action }) }] });
    window.setTimeout(() => get().dismiss(id), (action ? SECONDS_TO_ACT : SECONDS_ON_SCREEN) * 1000);
  },
  dismiss: (id) => set({ toasts: get().toasts.filter((toast) => toast.id !== id) }),
}));
