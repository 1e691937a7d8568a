/** Prints the page; what a list has further pages of is read first, so that paper shows all of it. */
import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Pages } from '../api/use-list.ts';
import { t } from '../messages/en.ts';
import { MOST_PRINTED } from './table-view.ts';

type Read = Pick<Pages<unknown>, 'items' | 'hasMore' | 'isLoadingMore' | 'isStuck' | 'more'>;

export function PrintButton({ pages }: { pages?: Read }) {
  const [isAsked, setAsked] = useState(false);
  const { items, hasMore = false, isLoadingMore = false, isStuck = false, more } = pages ?? {};
  const isMissing = hasMore && !isStuck && (items?.length ?? 0) < MOST_PRINTED;
  useEffect(() => {
    if (!isAsked) return;
    if (!isMissing) {
      setAsked(false);
      window.print();
    } else if (!isLoadingMore) more?.();
  }, [isAsked, isMissing, isLoadingMore, more]);
  return (
    <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => setAsked(true)} disabled={isAsked}>
      {isAsked ? t('print.gathering', { count: items?.length ?? 0 }) : t('print')}
    </Button>
  );
}
