/** Demand worked out at the front door, to be committed queue by queue. */
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../auth/session.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { LinkButton } from '../../ui/link-button.tsx';
import { Count } from '../../ui/values.tsx';
import { commitPath, dropDraft, readDraft } from '../welcome/draft.ts';
import classes from './joining.module.css';
import { t } from './messages.en.ts';

export function DraftTable({ isApproved }: { isApproved: boolean }) {
  const [draft, setDraft] = useState(readDraft);
  const mayCommit = useMay('company.admin');
  if (draft.length === 0 || !mayCommit) return null;
  return (
    <section className={classes.stage}>
      <h2>{t('draft.title')}</h2>
      <Text c="dimmed" mb="sm">
        {t('draft.text')}
      </Text>
      <DataTable
        caption={t('draft.caption')}
        rows={draft}
        rowKey={({ queue }) => queue}
        columns={[
          { key: 'queue', header: t('draft.queue'), cell: ({ title }) => title },
          { key: 'volume', header: t('draft.volume'), isNumber: true, cell: ({ volume }) => <Count value={volume} /> },
          {
            key: 'act',
            header: '',
            isNumber: true,
            cell: (entry) =>
              isApproved ? (
                <LinkButton href={commitPath(entry)} size="compact-sm">
                  {t('draft.commit')}
                </LinkButton>
              ) : (
                t('status.pending')
              ),
          },
        ]}
      />
      <Button
        variant="subtle"
        size="compact-sm"
        mt="xs"
        onClick={() => {
          dropDraft();
          setDraft([]);
        }}
      >
        {t('draft.drop')}
      </Button>
    </section>
  );
}
