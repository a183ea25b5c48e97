import { curveCatmullRom, lineRadial } from 'd3-shape';
import { isoDay, parseDay } from '@/lib/format';

/** The playing side of a disc: a spiral read from the rim inwards, `turns` times round. Lengths in SVG units. */
export interface Spiral {
  outer: number;
  inner: number;
  turns: number;
}

export const pitch = ({ outer, inner, turns }: Spiral): number => (outer - inner) / Math.max(turns, 1);
export const radiusAt = (spiral: Spiral, turn: number): number => spiral.outer - turn * pitch(spiral);

/** Where the groove is after `turn` turns, from twelve o'clock, clockwise. */
export function pointAt(spiral: Spiral, turn: number): { x: number; y: number } {
  const radius = radiusAt(spiral, turn);
  const angle = turn * 2 * Math.PI;
  return { x: radius * Math.sin(angle), y: -radius * Math.cos(angle) };
}

const smooth = lineRadial<[number, number]>()
  .angle((point) => point[0])
  .radius((point) => point[1])
  .curve(curveCatmullRom);

/** SVG path of the groove between two turns; about `detail` points per turn. */
export function groovePath(spiral: Spiral, from: number, to: number, detail = 40): string {
  const steps = Math.max(2, Math.ceil((to - from) * detail));
  const points = Array.from({ length: steps + 1 }, (_, step): [number, number] => {
    const turn = from + ((to - from) * step) / steps;
    return [turn * 2 * Math.PI, radiusAt(spiral, turn)];
  });
  return smooth(points) ?? '';
}

/** Path of one ring sector between two fractions of a turn at a fixed radius. */
export function arcPath(radius: number, from: number, to: number): string {
  return groovePath({ outer: radius, inner: radius, turns: 1 }, from, to, 60);
}

/** The mark without a hair of `gap` units at each end, so that neighbours stay apart by the same width at any radius. */
export function trimmed(spiral: Spiral, from: number, to: number, gap = 1.1): [number, number] {
  const turn = Math.min(gap / (2 * Math.PI * radiusAt(spiral, from)), (to - from) * 0.2);
  return [from + turn, to - turn];
}

export interface Mark {
  /** First day of the mark, ISO. */
  day: string;
  /** Days it stands for: 1, or 7 where a turn is a year. */
  days: number;
  value: number;
  ms: number;
  from: number;
  to: number;
}

export interface DayValue {
  day: string;
  listens: number;
  ms_played: number;
}

/** Days of a shown wrap, which tells only how loud each was beside the loudest. */
export function dayValues(days: { day: string; share: number }[]): DayValue[] {
  return days.map(({ day, share }) => ({ day, listens: Math.round(share * 1000), ms_played: 0 }));
}

const DAY_MS = 86_400_000;
/** Beyond this many days a turn is a year and a mark a week; below it a turn is a week and a mark a day. */
export const LONGEST_DAILY = 550;

export interface MarkedSpiral {
  marks: Mark[];
  turns: number;
  unit: 'day' | 'week';
  firstDay: string;
}

/** Lays the days of a span along the groove so that a weekday (or a season) keeps its place on the clock face. */
export function layDays(days: DayValue[], first: string, last: string): MarkedSpiral {
  const byDay = new Map(days.map((entry) => [entry.day, entry]));
  const start = parseDay(first).getTime();
  const length = Math.max(1, Math.round((parseDay(last).getTime() - start) / DAY_MS) + 1);
  const unit = length > LONGEST_DAILY ? 'week' : 'day';
  const step = unit === 'week' ? 7 : 1;
  const perTurn = unit === 'week' ? 365.25 / 7 : 7;
  const offset = unit === 'day' ? (new Date(start).getUTCDay() + 6) % 7 : dayOfYear(first) / 7;
  const marks: Mark[] = [];
  for (let index = 0; index < length; index += step) {
    let value = 0;
    let ms = 0;
    const size = Math.min(step, length - index);
    for (let inside = 0; inside < size; inside += 1) {
      const entry = byDay.get(isoDay(new Date(start + (index + inside) * DAY_MS)));
      value += entry?.listens ?? 0;
      ms += entry?.ms_played ?? 0;
    }
    const place = offset + index / step;
    marks.push({
      day: isoDay(new Date(start + index * DAY_MS)),
      days: size,
      value,
      ms,
      from: place / perTurn,
      to: (place + size / step) / perTurn,
    });
  }
  const turns = Math.max(1, Math.ceil(marks.at(-1)?.to ?? 1));
  return { marks, turns, unit, firstDay: first };
}

function dayOfYear(day: string): number {
  return Math.round((parseDay(day).getTime() - parseDay(`${day.slice(0, 4)}-01-01`).getTime()) / DAY_MS);
}

/**
 * Angle (degrees) by which an arm of `length` hanging at `pivot` turns so that its needle rests at `radius`,
 * and the place of the needle. Law of cosines in the triangle pivot – centre – needle.
 */
export function armAt(
  pivot: { x: number; y: number },
  length: number,
  radius: number,
): { x: number; y: number; angle: number } {
  const distance = Math.hypot(pivot.x, pivot.y);
  const cosine = (distance ** 2 + length ** 2 - radius ** 2) / (2 * distance * length);
  const inside = Math.acos(Math.max(-1, Math.min(1, cosine)));
  const towardsCentre = Math.atan2(-pivot.y, -pivot.x);
  const angle = towardsCentre - inside;
  return {
    x: pivot.x + length * Math.cos(angle),
    y: pivot.y + length * Math.sin(angle),
    angle: (angle * 180) / Math.PI,
  };
}
