import axios from 'axios';
import { create } from 'zustand';
import { readSoundSources, uploadSound } from '@/api/generated';
import { isAway, statusOf } from '@/lib/http';

/** One audio file on its way to be heard. */
export interface SoundFile {
  key: number;
  file: File;
  /** The track that it is; without it its tags and name decide. */
  trackId: number | undefined;
  /** `held`: the server takes no more for a while, and it goes on by itself. */
  state: 'waiting' | 'sending' | 'held' | 'arrived' | 'refused';
  /** Why it was refused. */
  error: unknown;
}

interface SoundFilesState {
  files: SoundFile[];
  /** What was told of files sent before to the same place gives way to these. */
  send: (files: File[], trackId?: number) => void;
  /** Whoever was sending is gone: what is on its way is broken off. */
  clear: () => void;
}

const NO_LIMIT = 0;
const MANY_WAIT = 409;
const TOO_MANY = 429;
const ASK_AGAIN_MS = 3_000;
/** A file whose answer was lost goes again: the same name takes the place of what has arrived. */
const TRIES = 5;

let lastKey = 0;
let leaving = new AbortController();

/** Sends audio files one after the other, on whichever page the listener is meanwhile, and no more than are let in. */
export const useSoundFiles = create<SoundFilesState>()((set, get) => {
  const change = (key: number, to: Partial<SoundFile>) =>
    set({ files: get().files.map((each) => (each.key === key ? { ...each, ...to } : each)) });

  const sendOne = async ({ key, file, trackId }: SoundFile, signal: AbortSignal) => {
    const params = { file_name: file.name, ...(trackId && { track_id: trackId }) };
    for (let lost = 0; ; ) {
      change(key, { state: 'sending' });
      try {
        await uploadSound(file, params, { timeout: NO_LIMIT }, signal);
        return change(key, { state: 'arrived' });
      } catch (error) {
        if (signal.aborted) return;
        if (isAway(error)) lost += 1;
        const room = isAway(error) ? lost < TRIES && pause() : roomAfter(error, signal);
        if (!room) return change(key, { state: 'refused', error });
        change(key, { state: 'held' });
        await room;
        if (signal.aborted) return;
      }
    }
  };

  let busy = false;
  const work = async () => {
    if (busy) return;
    busy = true;
    window.addEventListener('beforeunload', ask);
    for (let next = first(get().files); next; next = first(get().files)) await sendOne(next, leaving.signal);
    window.removeEventListener('beforeunload', ask);
    busy = false;
  };

  return {
    files: [],
    send: (files, trackId) => {
      const before = get().files.filter((each) => each.trackId !== trackId || !isDone(each));
      const added = files.map((file): SoundFile => ({ key: ++lastKey, file, trackId, state: 'waiting', error: null }));
      set({ files: [...before, ...added] });
      void work();
    },
    clear: () => {
      leaving.abort();
      leaving = new AbortController();
      set({ files: [] });
    },
  };
});

export const isDone = ({ state }: SoundFile): boolean => state === 'arrived' || state === 'refused';

const first = (files: SoundFile[]): SoundFile | undefined => files.find(({ state }) => state === 'waiting');

/** The browser asks whether the page is really to be closed. */
const ask = (event: BeforeUnloadEvent) => event.preventDefault();

/** Resolves when the server may take a file again; null where it refused the file itself. */
function roomAfter(error: unknown, signal: AbortSignal): Promise<void> | null {
  if (statusOf(error) === TOO_MANY) return pause(Math.max(ASK_AGAIN_MS, 1_000 * retryAfter(error)));
  return statusOf(error) === MANY_WAIT ? fewerWait(signal) : null;
}

function retryAfter(error: unknown): number {
  return (axios.isAxiosError(error) && Number(error.response?.headers['retry-after'])) || 0;
}

/** Asks the list of files and not the door, which would be sent the whole file each time. */
async function fewerWait(signal: AbortSignal): Promise<void> {
  const most = await waiting(signal);
  do await pause();
  while (!signal.aborted && most > 0 && (await waiting(signal)) >= most);
}

/** How many files of the listener wait to be heard; 0 where that cannot be told. */
async function waiting(signal: AbortSignal): Promise<number> {
  try {
    const { counts } = await readSoundSources({ outcome: 'waiting' }, undefined, signal);
    return counts.find(({ source, outcome }) => source === 'upload' && outcome === 'waiting')?.count ?? 0;
  } catch {
    return 0;
  }
}

const pause = (ms = ASK_AGAIN_MS): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
