import { describe, expect, it } from 'vitest';
import { ago, bytes, change, dayLong, duration, duringWeekTime, percent, plural, releasedIn, trackLength } from './format';

describe('numbers and times in words', () => {
  it('tells durations as one would say them', () => {
    expect(duration(30_000)).toBe('30 s');
    expect(duration(48 * 60_000)).toBe('48 min');
    expect(duration(192 * 60_000)).toBe('3 h 12 min');
    expect(duration(1_234 * 3_600_000)).toBe('1,234 h');
    expect(trackLength(187_000)).toBe('3:07');
  });

  it('compares honestly', () => {
    expect(change(112, 100)?.text).toBe('12\u00a0% more than');
    expect(change(50, 100)?.text).toBe('50\u00a0% less than');
    expect(change(100.2, 100)?.text).toBe('as much as');
    expect(change(1100, 100)?.text).toBe('11 times as much as');
    expect(change(10, 0)).toBeNull();
  });

  it('keeps a calendar day the day it is, whatever the zone of the machine', () => {
    expect(dayLong('2024-02-29')).toBe('Thursday, 29 February 2024');
  });

  it('says the small things right', () => {
    expect(plural(1, 'listen')).toBe('1 listen');
    expect(plural(1200, 'listen')).toBe('1,200 listens');
    expect(percent(0.714)).toBe('71\u00a0%');
    expect([0, 0.004, 0.0004].map((share) => percent(share))).toEqual(['0\u00a0%', 'less than 1\u00a0%', 'less than 1\u00a0%']);
    expect([0.004, 0.0004].map((share) => percent(share, 1))).toEqual(['0.4\u00a0%', 'less than 0.1\u00a0%']);
    expect(bytes(14_300_000)).toBe('14 MB');
    expect(duringWeekTime(3, 23)).toBe('on Thursday nights');
    expect(duringWeekTime(4, 7, true)).toBe('on Friday early morning');
    expect(duringWeekTime(4, 1)).toBe('in the small hours of Friday');
    expect(ago('2026-11-20T10:00:00Z', 'UTC', new Date('2026-11-20T13:00:00Z'))).toBe('3 hours ago');
    expect(ago('2026-11-20T23:00:00Z', 'UTC', new Date('2026-11-22T01:00:00Z'))).toBe('2 days ago');
    expect(ago('2026-11-20T23:00:00Z', 'Australia/Sydney', new Date('2026-11-22T01:00:00Z'))).toBe('yesterday');
  });
});

it('tells a release as exactly as it is known', () => {
  expect(['2021', '2021-05', '2021-05-17'].map(releasedIn)).toEqual(['2021', 'May 2021', '17 May 2021']);
});
