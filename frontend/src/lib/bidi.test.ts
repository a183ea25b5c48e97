import { expect, it } from 'vitest';
import { isolated, isolatedIn } from './bidi';

it('sets names from right to left apart, and leaves every other sentence as it is', () => {
  expect(isolated('Number 2: أم كلثوم, 40 listens')).toBe('Number 2: \u2068أم كلثوم\u2069, 40 listens');
  expect(isolated('עידן רייכל and Nina')).toBe('\u2068עידן רייכל\u2069 and Nina');
  expect(isolated('Sigur Rós, 宇多田ヒカル, 12')).toBe('Sigur Rós, 宇多田ヒカル, 12');
  expect(isolatedIn(3)).toBe(3);
});
