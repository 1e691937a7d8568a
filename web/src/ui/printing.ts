/** Whether the page is being put on paper: then all rows of a table are drawn, and in the colours of paper. */
import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

const SCHEME = 'data-mantine-color-scheme';
const listeners = new Set<() => void>();
let isPrinting = false;
let scheme: string | null = null;

/** The browser looks at the page as soon as its listeners are done: everything is drawn by then. */
function turn(to: boolean): void {
  if (to === isPrinting) return;
  isPrinting = to;
  if (to) lighten();
  else if (scheme !== null) {
    document.documentElement.setAttribute(SCHEME, scheme);
    scheme = null;
  }
  flushSync(() => {
    for (const listener of listeners) listener();
  });
}

/** Whatever the colours were, or become meanwhile: they come back afterwards. */
function lighten(): void {
  const root = document.documentElement;
  const now = root.getAttribute(SCHEME);
  if (!isPrinting || now === 'light') return;
  scheme = now;
  root.setAttribute(SCHEME, 'light');
}

/** Follows the window to paper and back, from now on. */
export function watchPrinting(): void {
  new MutationObserver(lighten).observe(document.documentElement, { attributeFilter: [SCHEME] });
  window.addEventListener('beforeprint', () => turn(true));
  window.addEventListener('afterprint', () => turn(false));
  window.matchMedia('print').addEventListener('change', ({ matches }) => turn(matches));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const isPrintingNow = (): boolean => isPrinting;
export const usePrinting = (): boolean => useSyncExternalStore(subscribe, isPrintingNow, isPrintingNow);
