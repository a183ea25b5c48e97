import { create } from 'zustand';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'trouble';
}

interface ToastState {
  toasts: Toast[];
  say: (text: string, tone?: Toast['tone']) => void;
  dismiss: (id: number) => void;
}

const SECONDS_ON_SCREEN = 6;
let lastId = 0;

export const useToasts = create<ToastState>()((set, get) => ({
  toasts: [],
  say: (text, tone = 'plain') => {
    lastId += 1;
    const id = lastId;
    set({ toasts: [...get().toasts.slice(-2), { id, text, tone }] });
    window.setTimeout(() => get().dismiss(id), SECONDS_ON_SCREEN * 1000);
  },
  dismiss: (id) => set({ toasts: get().toasts.filter((toast) => toast.id !== id) }),
}));
