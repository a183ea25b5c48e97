import type { AxiosRequestConfig } from 'axios';
import { create } from 'zustand';
import { createImport, listImports } from '@/api/generated';
import type { Import } from '@/api/generated/model';
import { isAway, KEY, newKey, statusOf } from '@/lib/http';
import { isUnderWay } from '@/lib/imports';

/** What is sent at once. Its bytes are put together when its turn comes. */
export interface Shipment {
  name: string;
  size: number;
  body: (onShare: (share: number) => void) => Promise<Blob>;
}

export interface Upload extends Shipment {
  key: number;
  state: 'waiting' | 'preparing' | 'sending' | 'failed';
  /** The share of its bytes that was read (preparing) or left this machine (sending), 0..1. */
  share: number;
  error: unknown;
  /** The same each time it is sent: what has arrived is not taken in again. */
  once: string;
}

interface UploadState {
  uploads: Upload[];
  /** What the last upload that arrived became. */
  started: Import | null;
  /** The import whose ledger is shown large. */
  watched: number | null;
  send: (shipments: Shipment[]) => void;
  again: (key: number) => void;
  forget: (key: number) => void;
  watch: (id: number | null) => void;
  /** Whoever was sending is gone: what is on its way is broken off. */
  clear: () => void;
}

const NO_LIMIT = 0;
const TOO_MANY = 429;
const ASK_AGAIN_MS = 3_000;

let lastKey = 0;
let leaving = new AbortController();

/**
 * Sends files one after the other, on whichever page the listener is meanwhile. Where several imports are unfinished
 * already, a file waits until one of them is done.
 */
export const useUploads = create<UploadState>()((set, get) => {
  const change = (key: number, to: Partial<Upload>) =>
    set({ uploads: get().uploads.map((upload) => (upload.key === key ? { ...upload, ...to } : upload)) });
  const without = (key: number) => get().uploads.filter((upload) => upload.key !== key);

  const sendOne = async ({ key, name, body, once }: Upload, signal: AbortSignal) => {
    try {
      const bytes = await body((share) => change(key, { state: 'preparing', share }));
      for (let started: Import | null = null; !started; ) {
        change(key, { state: 'sending', share: 0 });
        const options: AxiosRequestConfig = {
          timeout: NO_LIMIT,
          headers: { [KEY]: once },
          onUploadProgress: ({ progress = 0 }) => change(key, { share: progress }),
        };
        started = await createImport(bytes, { file_name: name }, options, signal).catch(async (error: unknown) => {
          if (statusOf(error) !== TOO_MANY) throw error;
          change(key, { state: 'waiting', share: 0 });
          await freePlace(signal);
          return null;
        });
        if (started) set({ uploads: without(key), started, watched: started.id });
      }
    } catch (error) {
      if (!signal.aborted) change(key, { state: 'failed', error });
    }
  };

  let busy = false;
  const work = async () => {
    if (busy) return;
    busy = true;
    window.addEventListener('beforeunload', ask);
    for (let next = first(get().uploads); next; next = first(get().uploads)) await sendOne(next, leaving.signal);
    window.removeEventListener('beforeunload', ask);
    busy = false;
  };

  return {
    uploads: [],
    started: null,
    watched: null,
    send: (shipments) => {
      const added = shipments.map((shipment): Upload => ({ ...shipment, key: ++lastKey, state: 'waiting', share: 0, error: null, once: newKey() }));
      set({ uploads: [...get().uploads, ...added] });
      void work();
    },
    again: (key) => {
      change(key, { state: 'waiting', share: 0, error: null });
      void work();
    },
    forget: (key) => set({ uploads: without(key) }),
    watch: (id) => set({ watched: id }),
    clear: () => {
      leaving.abort();
      leaving = new AbortController();
      set({ uploads: [], started: null, watched: null });
    },
  };
});

const first = (uploads: Upload[]): Upload | undefined => uploads.find(({ state }) => state === 'waiting');

/** The browser asks whether the page is really to be closed. */
const ask = (event: BeforeUnloadEvent) => event.preventDefault();

/** Resolves when fewer imports are under way than now, where the server takes no more: its list is asked, not its door. */
async function freePlace(signal: AbortSignal): Promise<void> {
  const most = await underWay(signal);
  do await pause();
  while (most > 0 && (await underWay(signal)) >= most);
}

async function underWay(signal: AbortSignal): Promise<number> {
  for (;;) {
    try {
      return (await listImports(undefined, undefined, signal)).filter(isUnderWay).length;
    } catch (error) {
      if (!isAway(error)) throw error;
      await pause();
    }
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
