import { useEffect, useRef } from 'react';
import type { Wrap } from '@/api/generated/model';
import { count } from '@/lib/format';
import { spanLabel } from '@/lib/span';
import { CARD_SIZES, drawCard, loadCardFonts, type CardColours, type CardShape } from './card';

interface CardProps {
  wrap: Wrap;
  shape: CardShape;
  className?: string;
}

/** The card as it will be saved, drawn once the fonts are there. */
export function Card({ wrap, shape, className }: CardProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paint = async () => {
      await loadCardFonts();
      const context = canvas.current?.getContext('2d');
      if (canvas.current && context) drawCard(context, wrap, shape, coloursAt(canvas.current));
    };
    void paint();
  }, [wrap, shape]);
  const { width, height } = CARD_SIZES[shape];
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      className={className}
      role="img"
      aria-label={`${wrap.listener.display_name}, ${spanLabel(wrap.span.text)}: ${count(wrap.totals.minutes)} minutes, ${count(wrap.totals.artists)} artists`}
    />
  );
}

/** The two colours of the wrap the element stands in. */
export function coloursAt(element: Element): CardColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return { deep: read('--wrap-deep'), bright: read('--wrap-bright'), mist: read('--wrap-mist') };
}

/** Renders the card off the screen and hands it to the browser as a PNG file. */
export async function saveCard(wrap: Wrap, shape: CardShape, colours: CardColours): Promise<void> {
  await loadCardFonts();
  const canvas = document.createElement('canvas');
  Object.assign(canvas, CARD_SIZES[shape]);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw the card.');
  drawCard(context, wrap, shape, colours);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('This browser could not make a PNG of the card.');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `tonearm-${wrap.span.text}-${shape}.png`;
  link.click();
  URL.revokeObjectURL(link.href);
}
