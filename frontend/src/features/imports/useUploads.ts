import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { createImport, getListImportsQueryKey } from '@/api/generated';
import type { Import } from '@/api/generated/model';
import { statusOf } from '@/lib/http';
import type { Parcel } from './gather';
import { storedZip } from './storedZip';

export interface Upload {
  key: number;
  parcel: Parcel;
  state: 'waiting' | 'preparing' | 'sending' | 'failed';
  /** The share of its bytes that was read (preparing) or left this machine (sending), 0..1. */
  share: number;
  error: unknown;
}

const NO_LIMIT = 0;
const TOO_MANY = 429;
const ASK_AGAIN_MS = 3_000;

/** Sends parcels one after the other; a server that is busy with earlier imports is asked again. */
export function useUploads(onStarted: (started: Import) => void) {
  const client = useQueryClient();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const queue = useRef<Upload[]>([]);
  const numbers = useRef(0);
  const busy = useRef(false);

  const change = (key: number, to: Partial<Upload>) =>
    setUploads((list) => list.map((upload) => (upload.key === key ? { ...upload, ...to } : upload)));
  const forget = (key: number) => setUploads((list) => list.filter((upload) => upload.key !== key));

  const sendOne = async ({ key, parcel }: Upload) => {
    try {
      const body = await bodyOf(parcel, (share) => change(key, { state: 'preparing', share }));
      change(key, { state: 'sending', share: 0 });
      for (;;) {
        try {
          const onUploadProgress = ({ progress }: { progress?: number }) => change(key, { share: progress ?? 0 });
          const started = await createImport(body, { file_name: parcel.name }, { timeout: NO_LIMIT, onUploadProgress });
          onStarted(started);
          break;
        } catch (error) {
          if (statusOf(error) !== TOO_MANY) throw error;
          change(key, { state: 'waiting', share: 0 });
          await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
        }
      }
      // the page's first look at the list may still be on its way: it began before this import did
      await client.cancelQueries({ queryKey: getListImportsQueryKey() });
      await client.invalidateQueries({ queryKey: getListImportsQueryKey() });
      forget(key);
    } catch (error) {
      change(key, { state: 'failed', error });
    }
  };

  const work = async () => {
    if (busy.current) return;
    busy.current = true;
    for (let next = queue.current.shift(); next; next = queue.current.shift()) await sendOne(next);
    busy.current = false;
  };

  const send = (parcels: Parcel[]) => {
    const added = parcels.map((parcel): Upload => {
      numbers.current += 1;
      return { key: numbers.current, parcel, state: 'waiting', share: 0, error: null };
    });
    setUploads((list) => [...list, ...added]);
    queue.current.push(...added);
    void work();
  };

  const again = (upload: Upload) => {
    change(upload.key, { state: 'waiting', share: 0, error: null });
    queue.current.push(upload);
    void work();
  };

  return { uploads, send, again, forget };
}

async function bodyOf({ files, size }: Parcel, onShare: (share: number) => void): Promise<Blob> {
  const [only] = files;
  if (files.length === 1 && only) return only.file;
  let read = 0;
  return storedZip(files, (bytes) => {
    read += bytes;
    onShare(size ? read / size : 1);
  });
}
