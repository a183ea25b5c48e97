import { afterEach, describe, expect, it, vi } from 'vitest';
import { instantOf, localDay, onTheClock, today } from './zone';

describe('today', () => {
  afterEach(() => vi.useRealTimers());

  it('is the day in the listener’s zone, not that of the server or of Greenwich', () => {
    vi.useFakeTimers({ now: new Date('2026-11-23T21:30:00Z') });
    expect(today('Australia/Sydney')).toBe('2026-11-24');
    vi.setSystemTime(new Date('2026-11-24T05:00:00Z'));
    expect(today('America/Los_Angeles')).toBe('2026-11-23');
  });
});

describe('a clock on the wall', () => {
  it('is read and written in any zone', () => {
    expect(instantOf('2024-07-01T20:15', 'Europe/Prague')).toBe('2024-07-01T18:15:00.000Z');
    expect(onTheClock('2024-07-01T18:15:07Z', 'Europe/Prague')).toBe('2024-07-01T20:15:07');
    expect(instantOf('2024-01-01T00:30:00', 'Asia/Kathmandu')).toBe('2023-12-31T18:45:00.000Z');
    expect(localDay('2023-12-31T18:45:00Z', 'Asia/Kathmandu')).toBe('2024-01-01');
    expect(instantOf('yesterday', 'UTC')).toBeNull();
  });

  it('is right where clocks change', () => {
    expect(instantOf('2024-10-27T02:30', 'Europe/Prague')).toBe('2024-10-27T00:30:00.000Z');
    expect(instantOf('2024-03-31T02:30', 'Europe/Prague')).toBe('2024-03-31T01:30:00.000Z');
    expect(instantOf('2024-10-27T03:30', 'Europe/Prague')).toBe('2024-10-27T02:30:00.000Z');
  });
});
