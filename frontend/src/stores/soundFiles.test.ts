import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NOBODY, Refusal, serve } from '@/testing/api';
import { useSoundFiles } from './soundFiles';

const files = (...names: string[]) => names.map((name) => new File(['sound'], name, { type: 'audio/flac' }));
const told = () => useSoundFiles.getState().files.map(({ file, state }) => [file.name, state]);
const waiting = (count: number) => ({ counts: [{ source: 'upload', outcome: 'waiting', count }], items: [] });
const aMoment = () => vi.advanceTimersByTimeAsync(3_000);
const closes = () => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  useSoundFiles.getState().clear();
  vi.useRealTimers();
});

describe('audio files', () => {
  it('wait while as many as may are waiting to be heard, and none is refused for it', async () => {
    let many = 50;
    const calls = serve({
      'GET /sound/sources': () => waiting(many),
      'POST /sound/uploads': () => (many >= 50 ? new Refusal(409, 'Many of your files are waiting already.') : (many++, {})),
    });
    const sent = () => calls.filter(({ method }) => method === 'POST').length;
    useSoundFiles.getState().send(files('one.flac', 'two.flac'));
    for (let i = 0; i < 4; i += 1) await aMoment();
    expect(sent()).toBe(1);
    expect(told()).toEqual([
      ['one.flac', 'held'],
      ['two.flac', 'waiting'],
    ]);
    many = 48;
    await aMoment();
    expect(told()).toEqual([
      ['one.flac', 'arrived'],
      ['two.flac', 'arrived'],
    ]);
  });

  it('come again after what was asked too often, and after an answer that was lost', async () => {
    const answers = [new Refusal(429, 'Too many.'), NOBODY, {}];
    serve({ 'POST /sound/uploads': () => answers.shift() });
    useSoundFiles.getState().send(files('one.flac'));
    await aMoment();
    await aMoment();
    expect(told()).toEqual([['one.flac', 'arrived']]);
  });

  it('say why one is refused, and go on with the next', async () => {
    const answers = [new Refusal(422, 'Tonearm hears AAC and FLAC.'), {}];
    serve({ 'POST /sound/uploads': () => answers.shift() });
    useSoundFiles.getState().send(files('one.exe', 'two.flac'));
    await vi.advanceTimersByTimeAsync(0);
    expect(useSoundFiles.getState().files).toMatchObject([
      { state: 'refused', error: { response: { data: { detail: 'Tonearm hears AAC and FLAC.' } } } },
      { state: 'arrived' },
    ]);
  });

  it('ask before the page is closed, and stop when their listener leaves', async () => {
    const calls = serve({ 'POST /sound/uploads': () => new Promise(() => undefined) });
    expect(closes()).toBe(true);
    useSoundFiles.getState().send(files('one.flac', 'two.flac'));
    await vi.advanceTimersByTimeAsync(0);
    expect(closes()).toBe(false);
    useSoundFiles.getState().clear();
    await aMoment();
    expect(closes()).toBe(true);
    expect([calls.length, told()]).toEqual([1, []]);
  });
});
