import { describe, expect, it } from 'vitest';
import { armAt, layDays, pointAt, radiusAt, trimmed } from './geometry';

const day = (date: string, listens: number) => ({ day: date, listens, ms_played: listens * 200_000 });

describe('the groove', () => {
  it('has one mark for each day of a year, every weekday at its own place on the clock face', () => {
    const { marks, unit } = layDays([day('2024-02-29', 7)], '2024-01-01', '2024-12-31');
    expect(unit).toBe('day');
    expect(marks).toHaveLength(366);
    expect(marks.reduce((sum, mark) => sum + mark.value, 0)).toBe(7);
    const places = new Set(
      marks.filter((mark) => new Date(mark.day).getUTCDay() === 4).map((mark) => (mark.from % 1).toFixed(6)),
    );
    expect(places.size).toBe(1);
  });

  it('takes weeks for marks and years for turns where days would be too fine, and loses no listen', () => {
    const days = [day('2021-01-01', 3), day('2022-07-09', 4), day('2023-12-31', 5)];
    const { marks, unit, turns } = layDays(days, '2021-01-01', '2023-12-31');
    expect(unit).toBe('week');
    expect(turns).toBe(3);
    expect(marks.reduce((sum, mark) => sum + mark.value, 0)).toBe(12);
    expect(marks.reduce((sum, mark) => sum + mark.days, 0)).toBe(1095);
  });

  it('runs from the rim inwards, clockwise from the top', () => {
    const spiral = { outer: 100, inner: 20, turns: 8 };
    expect(radiusAt(spiral, 0)).toBe(100);
    expect(radiusAt(spiral, 8)).toBe(20);
    const quarter = pointAt(spiral, 0.25);
    expect(quarter.x).toBeCloseTo(97.5);
    expect(quarter.y).toBeCloseTo(0);
  });

  it('keeps neighbours apart without losing short marks', () => {
    const [from, to] = trimmed({ outer: 100, inner: 20, turns: 8 }, 0, 1 / 7);
    expect(from).toBeGreaterThan(0);
    expect(to).toBeLessThan(1 / 7);
    expect(to).toBeGreaterThan(from);
  });

  it('lets the needle rest where the groove is', () => {
    const pivot = { x: 232, y: -176 };
    for (const radius of [192, 120, 64]) {
      const arm = armAt(pivot, 272, radius);
      expect(Math.hypot(arm.x, arm.y)).toBeCloseTo(radius);
      expect(Math.hypot(arm.x - pivot.x, arm.y - pivot.y)).toBeCloseTo(272);
    }
  });
});
