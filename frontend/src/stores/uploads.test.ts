import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NOBODY, Refusal, serve } from '@/testing/api';
import { finishedImport } from '@/testing/samples';
import { useUploads } from './uploads';

const shipment = { name: 'history.zip', size: 2, body: () => Promise.resolve(new Blob(['PK'])) };
const underWay = (many: number) => Array.from({ length: many }, (_, id) => ({ ...finishedImport, id, state: 'running' }));
const aMoment = () => vi.advanceTimersByTimeAsync(3_000);

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  useUploads.getState().clear();
  vi.useRealTimers();
});

describe('a file that finds the server full', () => {
  it('is sent again only once an import is done', async () => {
    let running = 5;
    const calls = serve({
      'GET /imports': () => underWay(running),
      'POST /imports': () => (running === 5 ? new Refusal(429, 'Several of your imports are still running.') : finishedImport),
    });
    const sent = () => calls.filter(({ method }) => method === 'POST').length;
    useUploads.getState().send([shipment]);
    for (let i = 0; i < 4; i += 1) await aMoment();
    expect(sent()).toBe(1);
    expect(useUploads.getState().uploads).toMatchObject([{ name: 'history.zip', state: 'waiting' }]);
    running = 4;
    await aMoment();
    expect(sent()).toBe(2);
    expect(useUploads.getState()).toMatchObject({ uploads: [], started: finishedImport });
  });
});

describe('a file whose answer was lost', () => {
  it('is sent again under the same key, so that it is taken in once', async () => {
    let up = false;
    const keys: unknown[] = [];
    serve({ 'POST /imports': ({ key }: { key: unknown }) => (keys.push(key), up ? finishedImport : NOBODY) });
    useUploads.getState().send([shipment, { ...shipment, name: 'other.zip' }]);
    await vi.advanceTimersByTimeAsync(0);
    const [lost] = useUploads.getState().uploads;
    up = true;
    useUploads.getState().again(lost?.key ?? 0);
    await vi.advanceTimersByTimeAsync(0);
    expect(keys.map((key) => key === keys[0])).toEqual([true, false, true]);
  });
});

describe('closing the page', () => {
  const closes = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

  it('is asked about while something is on its way, and not after', async () => {
    let arrive: (answer: unknown) => void = () => undefined;
    serve({ 'POST /imports': () => new Promise((resolve) => (arrive = resolve)) });
    expect(closes()).toBe(true);
    useUploads.getState().send([shipment]);
    await vi.advanceTimersByTimeAsync(0);
    expect(closes()).toBe(false);
    arrive(NOBODY);
    await vi.advanceTimersByTimeAsync(0);
    expect(useUploads.getState().uploads).toMatchObject([{ state: 'failed' }]);
    expect(closes()).toBe(true);
  });
});
