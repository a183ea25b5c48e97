import { useEffect } from 'react';

const REACHED = 'a[href], button, input, select, textarea, [tabindex]';

/**
 * What has the focus and leaves the page, a row that was deleted say, hands it to the row that takes its place: to the
 * same control there, else to the heading above. The browser would let go of it, and Tab would begin at the top.
 */
export function FocusStays() {
  useEffect(() => {
    let last: HTMLElement | null = null;
    let page = '';
    const remember = ({ target }: FocusEvent) => {
      last = target instanceof HTMLElement ? target : null;
      page = window.location.pathname;
    };
    const watch = new MutationObserver((changes) => {
      const lost = last;
      // another page takes the focus to its heading by itself
      if (!lost || lost.isConnected || document.activeElement !== document.body || page !== window.location.pathname) return;
      last = null;
      for (const { removedNodes, nextSibling, previousSibling, target } of changes) {
        const gone = [...removedNodes].find((node) => node.contains(lost));
        if (!(gone instanceof HTMLElement)) continue;
        const heir = inPlaceOf(lost, gone, nextSibling) ?? inPlaceOf(lost, gone, previousSibling) ?? above(target);
        return heir?.focus();
      }
    });
    document.addEventListener('focusin', remember);
    watch.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', remember);
      watch.disconnect();
    };
  }, []);
  return null;
}

/** What stands in a neighbour of the same kind where `lost` stood in what is `gone`: the second button for the second. */
function inPlaceOf(lost: HTMLElement, gone: HTMLElement, neighbour: Node | null): HTMLElement | undefined {
  // two boxes side by side need have nothing in common
  if (!(neighbour instanceof HTMLElement) || neighbour.tagName !== gone.tagName || gone.tagName === 'DIV') return undefined;
  const alike = (within: HTMLElement) => reached(within).filter(({ tagName }) => tagName === lost.tagName);
  const there = neighbour.isConnected ? alike(neighbour) : [];
  return there[Math.min(alike(gone).indexOf(lost), there.length - 1)];
}

const reached = (within: HTMLElement): HTMLElement[] =>
  [within, ...within.querySelectorAll<HTMLElement>(REACHED)].filter(({ tabIndex }) => tabIndex >= 0);

/** The nearest heading, or the field of a list that was chosen from. */
function above(place: Node): HTMLElement | null {
  let at: Element | null = place instanceof Element && place.isConnected ? place : document.body;
  for (; at; at = at.parentElement) {
    const found = at.querySelector<HTMLElement>('h1, h2, h3') ?? at.querySelector<HTMLElement>('input');
    if (!found) continue;
    if (found.tagName !== 'INPUT') found.tabIndex = -1;
    return found;
  }
  return null;
}
