/** What stands below a list that comes in pages: how much of it was read, and the way on. */
import { Button, Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Pages } from '../api/use-list.ts';
import { t } from '../messages/en.ts';

type Read = Pick<
  Pages<unknown>,
  'items' | 'before' | 'hasMore' | 'isLoadingMore' | 'isStuck' | 'wasAsked' | 'more' | 'query'
>;

/** So many pages without a row are read one after another by themselves; then somebody says whether to go on. */
const MOST_EMPTY = 100;

/**
 * Reads on by itself while `isWanted`: also over pages in which nothing fits, but not for ever. Answers whether it is at
 * it.
 */
export function useReadOn(pages: Read, isWanted: boolean): boolean {
  const { items, before, hasMore, isLoadingMore, isStuck, more } = pages;
  const count = before + items.length;
  const last = useRef({ count, empty: 0 });
  if (last.current.count !== count) last.current = { count, empty: 0 };
  const goesOn = isWanted && hasMore && !isStuck && last.current.empty < MOST_EMPTY;
  useEffect(() => {
    if (!goesOn || isLoadingMore) return;
    last.current.empty += 1;
    more();
  });
  return goesOn;
}

export function TableFoot({ of, isReading }: { of: Read; isReading: boolean }) {
  const { items, before, hasMore, isLoadingMore, isStuck, wasAsked, more } = of;
  const count = before + items.length;
  const text = !hasMore ? 'table.shown' : isStuck ? 'table.stuck' : wasAsked ? 'table.readOn' : 'table.shownMore';
  return (
    <Group mt="sm" justify="space-between" className={hasMore ? undefined : 'no-print'}>
      <Text size="sm" c="dimmed" role="status">
        {t(text, { count })}
      </Text>
      {hasMore && (
        <Button variant="default" size="xs" onClick={more} loading={isLoadingMore || isReading}>
          {t(isStuck ? 'state.retry' : 'table.more')}
        </Button>
      )}
    </Group>
  );
}
