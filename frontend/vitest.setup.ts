import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

afterEach(cleanup);

/** jsdom lays nothing out: charts are told that they have 600 × 300 pixels. */
class FixedSize implements ResizeObserver {
  constructor(private readonly seen: ResizeObserverCallback) {}
  observe(target: Element) {
    const box = { left: 0, top: 0, width: 600, height: 300 } as DOMRectReadOnly;
    this.seen([{ target, contentRect: box } as ResizeObserverEntry], this);
  }
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', FixedSize);

vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));

// jsdom knows <dialog> but not its modal methods.
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};
