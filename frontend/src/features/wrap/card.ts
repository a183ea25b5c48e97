import type { ShownWrap } from '@/api/generated/model';
import { dayValues, layDays, pitch, radiusAt, trimmed, type Spiral } from '@/components/groove/geometry';
import { loudness } from '@/lib/colours';
import { count, plural } from '@/lib/format';
import { isolated } from '@/lib/bidi';
import { keptLabel, spanLabel } from '@/lib/span';

/** The two shapes a card comes in, in pixels: a phone's story and a link preview. */
export const CARD_SIZES = {
  tall: { width: 1080, height: 1920 },
  wide: { width: 1200, height: 630 },
} as const;

export type CardShape = keyof typeof CARD_SIZES;

export interface CardColours {
  deep: string;
  bright: string;
  mist: string;
}

const DISPLAY = "'Bricolage Grotesque Variable', sans-serif";
const TEXT = "'Instrument Sans Variable', sans-serif";

/** As narrow as the display type of the page. */
const display = (weight: number, size: number): string => `${weight} semi-condensed ${size}px ${DISPLAY}`;

/** Canvas does not wait for fonts: they must be there before the first stroke. */
export async function loadCardFonts(): Promise<void> {
  await Promise.all([document.fonts.load(display(700, 100)), document.fonts.load(`500 40px ${TEXT}`)]);
}

/** Draws the card of a wrap. The canvas must have the size of `CARD_SIZES[shape]`. */
export function drawCard(context: CanvasRenderingContext2D, wrap: ShownWrap, shape: CardShape, colours: CardColours): void {
  const { width, height } = CARD_SIZES[shape];
  context.fillStyle = colours.deep;
  context.fillRect(0, 0, width, height);
  if (shape === 'tall') {
    drawDisc(context, wrap, colours, { x: 640, y: 470, radius: 620 });
    fadeDown(context, colours.deep, width, 620, 1040);
    drawHead(context, wrap, colours, { x: 72, y: 1190, size: 340, width: width - 144 });
    drawLists(context, wrap, colours, { x: 72, y: 1430, width: 936, gap: 56, size: 44, names: 4 });
    drawMark(context, colours, { x: 72, y: 1812, size: 44 });
  } else {
    drawDisc(context, wrap, colours, { x: 990, y: 315, radius: 390 });
    fadeRight(context, colours.deep, height, 560, 760);
    drawHead(context, wrap, colours, { x: 56, y: 270, size: 230, width: 530 });
    drawLists(context, wrap, colours, { x: 56, y: 402, width: 576, gap: 24, size: 27, names: 3 });
    drawMark(context, colours, { x: 56, y: 578, size: 30 });
  }
}

function drawDisc(
  context: CanvasRenderingContext2D,
  wrap: ShownWrap,
  { bright, deep }: CardColours,
  at: { x: number; y: number; radius: number },
): void {
  const laid = layDays(dayValues(wrap.days), wrap.span.first_day, wrap.span.last_day);
  const loud = loudness(laid.marks.map((mark) => mark.value));
  const spiral: Spiral = { outer: at.radius * 0.96, inner: at.radius * 0.33, turns: laid.turns };
  const step = pitch(spiral);
  context.save();
  context.translate(at.x, at.y);
  context.strokeStyle = bright;
  for (const mark of laid.marks) {
    const share = loud(mark.value);
    context.globalAlpha = share === 0 ? 0.14 : 0.3 + 0.7 * share;
    context.lineWidth = Math.min(at.radius * 0.06, step * (0.28 + 0.52 * share));
    context.beginPath();
    const points = 12;
    const [from, to] = trimmed(spiral, mark.from, mark.to, 2);
    for (let index = 0; index <= points; index += 1) {
      const turn = from + ((to - from) * index) / points;
      const angle = turn * 2 * Math.PI;
      const radius = radiusAt(spiral, turn);
      context.lineTo(radius * Math.sin(angle), -radius * Math.cos(angle));
    }
    context.stroke();
  }
  context.globalAlpha = 1;
  context.fillStyle = bright;
  circle(context, at.radius * 0.23);
  context.fillStyle = deep;
  circle(context, at.radius * 0.02);
  context.restore();
}

function circle(context: CanvasRenderingContext2D, radius: number): void {
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
  context.fill();
}

/** The name, the span, and the minutes as large as the width allows. */
function drawHead(
  context: CanvasRenderingContext2D,
  wrap: ShownWrap,
  { mist, bright }: CardColours,
  at: { x: number; y: number; size: number; width: number },
): void {
  const { figure, caption } = headline(wrap);
  const size = fit(context, figure, at.width, at.size);
  context.fillStyle = mist;
  context.font = display(650, at.size * 0.2);
  const head = isolated([wrap.name, keptLabel(wrap)].filter(Boolean).join(', '));
  context.fillText(shorten(context, head, at.width), at.x, at.y - size * 0.84);
  context.font = display(700, size);
  context.fillStyle = bright;
  context.fillText(figure, at.x - size * 0.03, at.y);
  context.fillStyle = mist;
  context.font = `500 ${at.size * 0.125}px ${TEXT}`;
  context.fillText(shorten(context, caption, at.width), at.x, at.y + at.size * 0.25);
}

/** The figure and what it is: the minutes where they may be told, else who or when. */
export function headline(wrap: ShownWrap): { figure: string; caption: string } {
  const { amounts, top_artists: artists, top_tracks: tracks } = wrap;
  if (amounts && amounts.minutes > 0) {
    const made = `${plural(amounts.tracks, 'track')}, ${plural(amounts.artists, 'artist')}`;
    return { figure: count(amounts.minutes), caption: `${amounts.minutes === 1 ? 'minute' : 'minutes'}, ${made}` };
  }
  if (artists[0]) return { figure: artists[0].name, caption: 'was closest' };
  if (tracks[0]) return { figure: tracks[0].name, caption: 'was played most' };
  return { figure: spanLabel(wrap.span.text), caption: 'as it was heard' };
}

/** What was chosen of artists and tracks, side by side, or one of them over the whole width. */
function drawLists(
  context: CanvasRenderingContext2D,
  wrap: ShownWrap,
  colours: CardColours,
  at: { x: number; y: number; width: number; gap: number; size: number; names: number },
): void {
  const lists = [
    { title: 'Artists, by time', items: wrap.top_artists },
    { title: 'Tracks, by listens', items: wrap.top_tracks },
  ].filter(({ items }) => items.length > 0);
  const width = (at.width - at.gap * (lists.length - 1)) / Math.max(1, lists.length);
  lists.forEach(({ title, items }, index) => {
    const names = items.slice(0, at.names).map((item) => item.name);
    drawList(context, title, names, colours, { x: at.x + index * (width + at.gap), y: at.y, width, size: at.size });
  });
}

function drawList(
  context: CanvasRenderingContext2D,
  title: string,
  names: string[],
  { mist, bright }: CardColours,
  at: { x: number; y: number; width: number; size: number },
): void {
  context.fillStyle = bright;
  context.font = `500 ${at.size * 0.8}px ${TEXT}`;
  context.fillText(title, at.x, at.y);
  context.fillStyle = mist;
  context.font = display(600, at.size);
  names.forEach((name, index) => {
    context.fillText(shorten(context, name, at.width), at.x, at.y + at.size * (1.45 + index * 1.38));
  });
}

function drawMark(context: CanvasRenderingContext2D, { mist, bright }: CardColours, at: { x: number; y: number; size: number }): void {
  const radius = at.size * 0.42;
  context.save();
  context.translate(at.x + radius, at.y - radius * 0.7);
  context.strokeStyle = mist;
  context.lineWidth = at.size * 0.06;
  for (const share of [1, 0.66]) {
    context.beginPath();
    context.arc(0, 0, radius * share, 0, 2 * Math.PI);
    context.stroke();
  }
  context.fillStyle = bright;
  circle(context, radius * 0.26);
  context.restore();
  context.fillStyle = mist;
  context.font = display(600, at.size * 0.9);
  context.fillText('Tonearm', at.x + radius * 2.6, at.y);
}

function fadeDown(context: CanvasRenderingContext2D, colour: string, width: number, from: number, to: number): void {
  fade(context, colour, context.createLinearGradient(0, from, 0, to), [0, from, width, CARD_SIZES.tall.height - from]);
}

function fadeRight(context: CanvasRenderingContext2D, colour: string, height: number, from: number, to: number): void {
  fade(context, colour, context.createLinearGradient(to, 0, from, 0), [0, 0, to, height]);
}

function fade(context: CanvasRenderingContext2D, colour: string, gradient: CanvasGradient, box: [number, number, number, number]): void {
  // The same colour without opacity: a canvas would pass through black on its way from `transparent`.
  gradient.addColorStop(0, colour.replace(')', ' / 0)'));
  gradient.addColorStop(1, colour);
  context.fillStyle = gradient;
  context.fillRect(...box);
}

function fit(context: CanvasRenderingContext2D, text: string, width: number, size: number): number {
  context.font = display(700, size);
  const measured = context.measureText(text).width * 0.97;
  return measured > width ? (size * width) / measured : size;
}

function shorten(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && context.measureText(`${letters.join('').trimEnd()}…`).width > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
