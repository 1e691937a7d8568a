/** Which rows of a long table are drawn, and how it keeps its place and its columns as one goes through it. */
import { measureElement, useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useHref } from '../app/navigate.ts';
import { usePrinting } from './printing.ts';

/** From so many rows on, those out of sight are not drawn: all of a first page are, which holds a hundred at the most. */
const VIRTUAL_FROM = 120;
const ROW_PX = 41;
/** So many rows go on paper: who wants more of them takes the file. */
export const MOST_PRINTED = 2_000;

export type View = {
  isVirtual: boolean;
  /** The first and the one after the last row that is drawn. */
  from: number;
  to: number;
  /** Room kept for those that are not. */
  above: number;
  below: number;
  /** How many rows do not go on paper. */
  left: number;
  measure: ((row: HTMLTableRowElement | null) => void) | undefined;
};

/** Of `count` rows, of which those `before` some are away; `name` tells the tables of a page apart. On paper all that are there. */
export function useView(count: number, before: number, body: { current: HTMLElement | null }, name: string): View {
  const isPrinting = usePrinting();
  const isVirtual = count >= VIRTUAL_FROM;
  const [scrollMargin, setMargin] = useState(0);
  const heights = useHeights(name);
  useLayoutEffect(() => {
    if (body.current !== null) setMargin(body.current.getBoundingClientRect().top + window.scrollY);
  }, [body]);
  // Before most of the rows go that were all drawn until now.
  useMemo(() => isVirtual && takeHeights(body.current, heights), [isVirtual, body, heights]);
  const virtual = useWindowVirtualizer<HTMLTableRowElement>({
    count: isVirtual ? count : 0,
    estimateSize: (row) => heights.get(row) ?? ROW_PX,
    measureElement: (row, entry, of) => {
      const height = measureElement(row, entry, of);
      heights.set(of.indexFromElement(row), height);
      return height;
    },
    overscan: 12,
    scrollMargin,
  });
  if (isPrinting) {
    const to = Math.min(count, before + MOST_PRINTED);
    return { isVirtual: false, from: before, to, above: 0, below: 0, left: before + count - to, measure: undefined };
  }
  if (!isVirtual) return { isVirtual, from: 0, to: count, above: 0, below: 0, left: 0, measure: undefined };
  const seen = virtual.getVirtualItems();
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined)
    return { isVirtual, from: 0, to: 0, above: 0, below: virtual.getTotalSize(), left: 0, measure: undefined };
  return {
    isVirtual,
    from: first.index,
    to: last.index + 1,
    above: first.start - scrollMargin,
    below: virtual.getTotalSize() - (last.end - scrollMargin),
    left: 0,
    measure: virtual.measureElement,
  };
}

/** Tables that somebody may come back to, the last ones: how high their rows were. */
const known = new Map<string, Map<number, number>>();
const MOST_KNOWN = 10;

/**
 * The heights of all rows that were drawn, kept for whoever comes back: a row that is first measured then would push all
 * those below it, and the place be another row.
 */
function useHeights(name: string): Map<number, number> {
  const key = `${useHref()} ${name}`;
  return useMemo(() => {
    const found = known.get(key) ?? new Map<number, number>();
    known.delete(key);
    known.set(key, found);
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
    return found;
  }, [key]);
}

function takeHeights(body: HTMLElement | null, heights: Map<number, number>): void {
  for (const row of body?.querySelectorAll<HTMLElement>('tr[data-index]') ?? [])
    heights.set(Number(row.dataset.index), row.offsetHeight);
}

/**
 * The widths of a long table's columns as its first rows have them, in pixels: rows that come and go would have them jump.
 * Null where the browser sees to them.
 */
export function useWidths(isSteady: boolean, table: { current: HTMLTableElement | null }): readonly number[] | null {
  const [widths, setWidths] = useState<readonly number[] | null>(null);
  const isTaken = useRef(false);
  useLayoutEffect(() => {
    if (!isSteady || isTaken.current || table.current === null) return;
    const heads = [...table.current.querySelectorAll('th')];
    if (heads.length === 0 || table.current.querySelector('tbody td') === null) return;
    isTaken.current = true;
    setWidths(heads.map((head) => head.offsetWidth));
  });
  useEffect(() => {
    const takeAnew = () => {
      isTaken.current = false;
      setWidths(null);
    };
    window.addEventListener('resize', takeAnew);
    return () => window.removeEventListener('resize', takeAnew);
  }, []);
  return isSteady ? widths : null;
}
