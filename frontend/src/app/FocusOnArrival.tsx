import { useEffect, useRef } from 'react';
import { useLocation } from 'react-router';

/**
 * Another page takes the focus to its heading, so that a screen reader says where one is and Tab goes on from there.
 * What still stands in the page and has the focus keeps it: a step along the tabs of a page is no new beginning.
 */
export function FocusOnArrival() {
  const { pathname } = useLocation();
  const at = useRef(pathname);
  useEffect(() => {
    if (at.current === pathname) return;
    at.current = pathname;
    const main = document.querySelector('main');
    if (!main || main.contains(document.activeElement)) return;
    const heading = main.querySelector<HTMLElement>('h1') ?? main;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }, [pathname]);
  return null;
}
