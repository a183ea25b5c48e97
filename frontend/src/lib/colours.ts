import type { CSSProperties } from 'react';

/** How hot a value is, 0..1, between the ground of the page and the signal colour. Follows the theme by itself. */
export function heat(share: number): string {
  const clamped = Math.max(0, Math.min(1, share));
  if (clamped === 0) return 'var(--heat-floor)';
  return `color-mix(in oklab, var(--signal) ${Math.round(12 + 88 * clamped)}%, var(--heat-floor))`;
}

/** More or less than usual, −1..1: blue – ground – coral. */
export function diverging(share: number): string {
  const clamped = Math.max(-1, Math.min(1, share));
  const colour = clamped < 0 ? 'var(--counter)' : 'var(--signal)';
  return `color-mix(in oklab, ${colour} ${Math.round(Math.abs(clamped) * 100)}%, var(--heat-floor))`;
}

const STYLE_COUNT = 8;

/** One of the eight style hues, the same for the same name everywhere. */
export function styleNumber(style: string | null | undefined): number {
  if (!style) return 1;
  let hash = 0;
  for (const letter of style.trim().toLowerCase()) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return (hash % STYLE_COUNT) + 1;
}

export function styleHue(style: string | null | undefined): string {
  return `var(--hue-${styleNumber(style)})`;
}

/** The hues of a wrap's two colours, by their numbers, as the style of the element that wears `wrap-colours`. */
export function wrapHues({ bright, deep }: { bright: number; deep: number }): CSSProperties {
  return { '--wrap-bright-hue': `var(--hue-${bright})`, '--wrap-deep-hue': `var(--hue-${deep})` } as CSSProperties;
}

export function styleColour(style: string | null | undefined): string {
  return `oklch(var(--style-lightness) var(--style-chroma) ${styleHue(style)})`;
}

/** The share of a value in a scale that leaves the few loudest days out, so that one marathon does not hide a year. */
export function loudness(values: number[], top = 0.97): (value: number) => number {
  const heard = values.filter((value) => value > 0).sort((a, b) => a - b);
  const ceiling = heard[Math.min(heard.length - 1, Math.floor(heard.length * top))] ?? 1;
  return (value) => (value <= 0 ? 0 : Math.min(1, Math.sqrt(value / Math.max(ceiling, 1))));
}
