import { createParser } from 'eventsource-parser';
import { bearer, isAway } from './http';

const LONGEST_WAIT_MS = 8_000;

interface Watch {
  url: string;
  /** Called for each event; returns true when the stream has said its last word. */
  onEvent: (event: string, data: string) => boolean;
  /** True while the connection is up, false while it is being made again. */
  onConnected?: (connected: boolean) => void;
  signal: AbortSignal;
}

/**
 * Server-sent events with a bearer token (EventSource cannot send one). Connects again, ever more slowly, until the
 * stream ends by its own word or the signal aborts. The server tells the whole state each time, so nothing is missed.
 */
export async function watchEvents({ url, onEvent, onConnected, signal }: Watch): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const response = await fetch(url, {
        headers: { Accept: 'text/event-stream', ...(await bearer(attempt > 0)) },
        signal,
      });
      if (response.ok && response.body) {
        onConnected?.(true);
        attempt = 0;
        if (await readToEnd(response.body, onEvent)) return;
      } else if (response.status === 404) {
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof TypeError) && !isAway(error)) throw error;
    }
    onConnected?.(false);
    await pause(Math.min(500 * 2 ** attempt, LONGEST_WAIT_MS), signal);
  }
}

async function readToEnd(body: ReadableStream<Uint8Array>, onEvent: Watch['onEvent']): Promise<boolean> {
  let ended = false;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (onEvent(event ?? 'message', data)) ended = true;
    },
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  while (!ended) {
    const { done, value } = await reader.read();
    if (done) break;
    parser.feed(decoder.decode(value, { stream: true }));
  }
  if (ended) await reader.cancel();
  return ended;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}
