import { describe, expect, it, vi } from 'vitest';
import { watchEvents } from './events';

function stream(...chunks: string[]): Response {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
        controller.close();
      },
    }),
  );
}

describe('watching events', () => {
  it('puts chunks together, and connects again when the stream breaks before its end', async () => {
    const fetched = vi
      .fn()
      .mockResolvedValueOnce(stream('event: progress\ndata: {"ro', 'ws":1}\n\n'))
      .mockRejectedValueOnce(new TypeError('network'))
      .mockResolvedValueOnce(stream('event: progress\ndata: {"rows":2}\n\nevent: end\ndata: {}\n\n'));
    vi.stubGlobal('fetch', fetched);
    const heard: string[] = [];
    const connections: boolean[] = [];
    await watchEvents({
      url: '/x',
      signal: new AbortController().signal,
      onConnected: (up) => connections.push(up),
      onEvent: (event, data) => {
        heard.push(`${event} ${data}`);
        return event === 'end';
      },
    });
    expect(heard).toEqual(['progress {"rows":1}', 'progress {"rows":2}', 'end {}']);
    expect(connections).toEqual([true, false, false, true]);
    expect(fetched).toHaveBeenCalledTimes(3);
  });

  it('stops when nobody looks any more', async () => {
    const controller = new AbortController();
    vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('network')));
    const watching = watchEvents({ url: '/x', signal: controller.signal, onEvent: () => false });
    controller.abort();
    await expect(watching).resolves.toBeUndefined();
  });
});
