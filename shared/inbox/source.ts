/** Where items come from: one source for each kind of thing, read for whoever may see it. */
import type { Member } from '../identity/identity.ts';
import type { Call } from '../kernel/call.ts';
import type { Item } from '../kernel/table.ts';
import type { Found, InboxItem, Readers } from './inbox.ts';

export type Source = Readers & { read: (call: Call, reader: Member) => Promise<Found> };

/** The most items that one source gives, and the most pages that it looks through for them. */
export const MOST_ITEMS = 100;
const MOST_PAGES = 5;

/** The items among a list that is read a page at a time, as far as the bounds go. */
export async function among<T>(
  list: (page: { limit: number; after?: Item }) => Promise<{ items: T[]; after: Item | undefined }>,
  itemOf: (one: T) => InboxItem | undefined,
): Promise<Found> {
  const items: InboxItem[] = [];
  let after: Item | undefined;
  for (let pages = 0; pages < MOST_PAGES && items.length < MOST_ITEMS; pages++) {
    const page = await list({ limit: MOST_ITEMS, ...(after === undefined ? {} : { after }) });
    items.push(...page.items.flatMap((one) => itemOf(one) ?? []));
    after = page.after;
    if (after === undefined) break;
  }
  return { items: items.slice(0, MOST_ITEMS), isWhole: after === undefined && items.length <= MOST_ITEMS };
}

/** What was read whole, or its first hundred. */
export const bounded = (items: InboxItem[]): Found => ({
  items: items.slice(0, MOST_ITEMS),
  isWhole: items.length <= MOST_ITEMS,
});
