import { useCallback, useEffect, useState } from 'react';

/** Where a story of `length` screens stands, and the keys that move it. Stays on the last screen. */
export function usePlayer(length: number, onClose: () => void) {
  const [at, setAt] = useState(0);
  const [paused, setPaused] = useState(false);
  const last = length - 1;
  const next = useCallback(() => setAt((old) => Math.min(old + 1, last)), [last]);
  const back = useCallback(() => setAt((old) => Math.max(old - 1, 0)), []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const busy = event.target instanceof HTMLElement && event.target.closest('dialog, input, textarea, select');
      if (busy || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === 'ArrowRight') next();
      else if (event.key === 'ArrowLeft') back();
      else if (event.key === 'Home') setAt(0);
      else if (event.key === 'End') setAt(last);
      else if (event.key === 'Escape') onClose();
      else if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) setPaused((old) => !old);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [back, last, next, onClose]);

  return { at, paused, setPaused, next, back, isLast: at === last };
}
