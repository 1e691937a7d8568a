/** Pages of a list of which only some items are wanted. */
import type { Item } from './table.ts';

/** Pages that are looked through for one page of what matches. */
const MOST_LOOKED = 10;

type Page = { limit: number; after?: Item };

/**
 * A page of the items that `pick` makes something of. It reads ten times at the most, so it may be shorter than asked for,
 * or empty, and yet go on: the list ends where `after` is undefined.
 */
export async function pageOfMatching<T, R>(
  list: (page: Page) => Promise<{ items: readonly T[]; after: Item | undefined }>,
  pick: (one: T) => R | undefined,
  page: { limit: number; after?: Item | undefined },
): Promise<{ items: R[]; after: Item | undefined }> {
  const items: R[] = [];
  let after = page.after;
  for (let looked = 0; looked < MOST_LOOKED; looked++) {
    const found = await list({ limit: page.limit - items.length, ...(after === undefined ? {} : { after }) });
    for (const one of found.items) {
      const picked = pick(one);
      if (picked !== undefined) items.push(picked);
    }
    after = found.after;
    if (after === undefined || items.length >= page.limit) break;
  }
  return { items, after };
}
