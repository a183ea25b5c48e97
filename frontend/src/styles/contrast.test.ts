import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('src/styles/tokens.css', 'utf8');

/** Declarations of the first block whose selector ends with `selector`. */
function block(selector: string): Record<string, string> {
  const body = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return Object.fromEntries([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']): [string, string] => [name, value]));
}

/** WCAG 2 relative luminance from linear sRGB. */
const luminance = ([red, green, blue]: number[]) => 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);

function fromHex(hex: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
  return luminance(channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)));
}

/** Björn Ottosson's OKLab to linear sRGB; what lies outside the screen's gamut is clipped, as a worst case. */
function fromOklch(lightness: number, chroma: number, hue: number): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return luminance(linear.map((value) => Math.max(0, Math.min(1, value))));
}

const contrast = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

const TEXT = 4.5;
const GRAPHIC = 3;

describe.each(["[data-theme='light']", "[data-theme='dark']"])('the ground %s', (selector) => {
  const tokens = block(selector);
  const of = (name: string) => fromHex(tokens[`--${name}`] ?? '');

  it.each(['ground', 'raised'])('carries every text colour on %s', (ground) => {
    for (const text of ['ink', 'muted', 'signal-text', 'counter-text']) {
      expect(contrast(of(text), of(ground)), text).toBeGreaterThanOrEqual(TEXT);
    }
  });

  it('carries words on the signal, and the arm on everything', () => {
    expect(contrast(of('on-signal'), of('signal'))).toBeGreaterThanOrEqual(TEXT);
    expect(contrast(of('counter-text'), of('ground'))).toBeGreaterThanOrEqual(GRAPHIC);
  });

  it('carries the marks of all eight styles', () => {
    const lightness = Number(tokens['--style-lightness']);
    const chroma = Number(block(':root')['--style-chroma']);
    for (const hue of hues()) {
      expect(contrast(fromOklch(lightness, chroma, hue), of('ground')), `hue ${hue}`).toBeGreaterThanOrEqual(GRAPHIC);
    }
  });
});

function hues(): number[] {
  return [...css.matchAll(/--hue-\d: (\d+);/g)].map(([, hue]) => Number(hue));
}

function oklch(declaration: string | undefined): [number, number] {
  const [, lightness, chroma] = /oklch\(([\d.]+) ([\d.]+)/.exec(declaration ?? '') ?? [];
  return [Number(lightness), Number(chroma)];
}

it('a wrap is legible in any two hues', () => {
  const tokens = block('.wrap-colours');
  expect(hues()).toHaveLength(8);
  for (const bright of hues()) {
    for (const deep of hues()) {
      const ground = fromOklch(...oklch(tokens['--wrap-deep']), deep);
      expect(contrast(fromOklch(...oklch(tokens['--wrap-bright']), bright), ground)).toBeGreaterThanOrEqual(TEXT);
      expect(contrast(fromOklch(...oklch(tokens['--wrap-mist']), bright), ground)).toBeGreaterThanOrEqual(TEXT);
    }
  }
});
