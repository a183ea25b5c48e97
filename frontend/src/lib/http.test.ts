import { describe, expect, it } from 'vitest';
import { deletePost, writePost } from '@/api/generated';
import { NOBODY, serve } from '@/testing/api';

const post = (text: string) => writePost({ text, span: null }).catch(() => null);

describe('what is sent again after its answer was lost', () => {
  it('goes under the key of the first time, and anything else under its own', async () => {
    let answer: unknown = NOBODY;
    const keys: unknown[] = [];
    serve({ 'POST /posts': ({ key }: { key: unknown }) => (keys.push(key), answer) });
    await post('hello');
    await post('something else');
    answer = { id: 1 };
    await post('hello');
    // it is answered now: who writes it once more means it
    await post('hello');
    const [first, other, again, later] = keys;
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toBe(first);
    expect(new Set([first, other, later]).size).toBe(3);
  });

  it('goes under a new key once something was deleted: the first answer may tell of what is gone', async () => {
    const keys: unknown[] = [];
    serve({ 'POST /posts': ({ key }: { key: unknown }) => (keys.push(key), NOBODY), 'DELETE /posts/1': null });
    await post('hello');
    await deletePost(2).catch(() => null);
    await post('hello');
    await deletePost(1);
    await post('hello');
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});
