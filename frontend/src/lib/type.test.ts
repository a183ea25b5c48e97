import { expect, it } from 'vitest';
import { widthInEm } from './type';

it('takes square letters for squares, and marks for nothing', () => {
  expect(widthInEm('宇多田ヒカル')).toBe(6);
  expect(widthInEm('방탄소년단')).toBe(5);
  expect(widthInEm('🎧👍🏽')).toBe(2);
  expect(widthInEm('e\u0301')).toBeCloseTo(widthInEm('e'));
  expect(widthInEm('4,321')).toBeCloseTo(4 * 0.46 + 0.27);
});
