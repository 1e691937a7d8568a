/** The queues, as everybody may see them; a company sees its own part in them too. */
import { Button, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { usePages } from '../../api/use-api.ts';
import { useUrlState } from '../../app/navigate.ts';
import { useMay, useSession } from '../../auth/session.ts';
import { PagedTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { columnsFor } from './columns.tsx';
import classes from './market.module.css';
import { t } from './messages.en.ts';
import { fitsClass } from './service-class.ts';
import { Totals } from './totals.tsx';

export default function Market() {
  const [{ q }, setFilter] = useUrlState({ q: '' });
  const queues = usePages('/v1/queues', { query: { limit: 100 } });
  const isCompany = useMay('company.admin', 'company.operator', 'company.finance');
  const mine = usePages('/v1/commitments', { query: { limit: 100 } }, { enabled: isCompany });
  const { hasMore, isLoadingMore, more } = queues;
  const isSearching = q.trim() !== '';
  // Whoever searches means all queues, not those that happen to be on the screen.
  useEffect(() => {
    if (isSearching && hasMore && !isLoadingMore) more();
  }, [isSearching, hasMore, isLoadingMore, more]);
  const items = queues.items.filter(({ serviceClass }) => fitsClass(serviceClass, q));
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      <NewHere />
      {queues.query.data !== undefined && <Totals queues={queues.items} />}
      {(queues.items.length > 1 || isSearching) && (
        <TextInput
          label={t('filter.label')}
          placeholder={t('filter.placeholder')}
          leftSection={<IconSearch size={16} />}
          value={q}
          onChange={(event) => setFilter({ q: event.currentTarget.value })}
          maw={360}
          mb="sm"
          description={isSearching && hasMore ? t('filter.loading') : undefined}
        />
      )}
      <PagedTable<PublicQueue>
        caption={t('caption')}
        columns={columnsFor(mine.items)}
        pages={{ ...queues, items }}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/queues/${id}`}
        empty={
          isSearching
            ? {
                title: t('filter.none', { text: q }),
                text: t('filter.none.text'),
                action: (
                  <Button variant="default" onClick={() => setFilter({ q: '' })}>
                    {t('filter.clear')}
                  </Button>
                ),
              }
            : { title: t('empty'), text: t('empty.text') }
        }
      />
    </>
  );
}

/** Whoever is not signed in may not know what this is. */
function NewHere() {
  const session = useSession();
  if (session.status !== 'out') return null;
  return (
    <div className={classes.hint}>
      <Text>{t('out.text')}</Text>
      <Go href="/welcome">{t('out.go')}</Go>
    </div>
  );
}
