import { useEffect, useRef } from 'react';
import type { ShownWrap } from '@/api/generated/model';
import { keptLabel } from '@/lib/span';
import { CARD_SIZES, drawCard, headline, loadCardFonts, type CardColours, type CardShape } from './card';

interface CardProps {
  wrap: ShownWrap;
  shape: CardShape;
  className?: string;
}

/** The card as it will be saved, drawn once the fonts are there. */
export function Card({ wrap, shape, className }: CardProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paint = async () => {
      const context = canvas.current?.getContext('2d');
      if (!context) return;
      await loadCardFonts();
      if (canvas.current) drawCard(context, wrap, shape, coloursAt(canvas.current));
    };
    void paint();
  }, [wrap, shape]);
  const { width, height } = CARD_SIZES[shape];
  const { figure, caption } = headline(wrap);
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      className={className}
      role="img"
      aria-label={`Card: ${[wrap.name, keptLabel(wrap)].filter(Boolean).join(', ')}. ${figure} ${caption}`}
    />
  );
}

/** The two colours of the wrap the element stands in. */
export function coloursAt(element: Element): CardColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return { deep: read('--wrap-deep'), bright: read('--wrap-bright'), mist: read('--wrap-mist') };
}

/** The card as a PNG file, drawn off the screen. */
export async function cardFile(wrap: ShownWrap, shape: CardShape, colours: CardColours): Promise<File> {
  await loadCardFonts();
  const canvas = document.createElement('canvas');
  Object.assign(canvas, CARD_SIZES[shape]);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw the card.');
  drawCard(context, wrap, shape, colours);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('This browser could not make a PNG of the card.');
  return new File([blob], `tonearm-${wrap.span.text}-${shape}.png`, { type: 'image/png' });
}

/** Whether this device has a sheet of its own to send pictures with, as phones do. */
export function canSendFiles(): boolean {
  return navigator.canShare?.({ files: [new File(['.'], 'card.png', { type: 'image/png' })] }) ?? false;
}

/** Opens that sheet. Closing it again is no failure. */
export async function sendFile(file: File): Promise<void> {
  await navigator.share({ files: [file] }).catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
  });
}
