/** The pages of a list that is short as a rule, read one after another by themselves: so many items at the most. */
import { useEffect, useRef } from 'react';
import type { Pages } from './use-list.ts';

/** A page of some lists may be empty: so many are read without being asked for. */
const MOST_PAGES = 10;

export function useAll<T>(pages: Pages<T>, most: number): Pages<T> {
  const { items, hasMore, isLoadingMore, more } = pages;
  const asked = useRef(0);
  const goesOn = hasMore && !isLoadingMore && items.length < most;
  useEffect(() => {
    if (!goesOn || asked.current >= MOST_PAGES) return;
    asked.current += 1;
    more();
  }, [goesOn, more]);
  return pages;
}
