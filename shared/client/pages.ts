/** Lists that come in pages, as one. */

/** A page: `next` is the cursor of the following one, null at the end. */
export type PageOf<T> = { items: readonly T[]; next: string | null };

/**
 * Every item of a list, page by page, as far as they are asked for:
 * `eachItem((cursor) => dataOf(parley.GET('/v1/leases', { params: { query: { cursor } } })))`.
 */
export async function* eachItem<T>(page: (cursor: string | undefined) => Promise<PageOf<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { items, next } = await page(cursor);
    yield* items;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}

/** All items at once; throws where there are more than `most` (default 200,000). */
export async function allItems<T>(
  page: (cursor: string | undefined) => Promise<PageOf<T>>,
  most = 200_000,
): Promise<T[]> {
  const items: T[] = [];
  for await (const item of eachItem(page)) {
    if (items.length === most) throw new Error(`a list has more than ${most} items`);
    items.push(item);
  }
  return items;
}
