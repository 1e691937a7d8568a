/** Messages that could not become requests: looked at, taken again, thrown away. */
import { Button, Code, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { ConnectorError } from '../../../../shared/connector/connector.ts';
import { useAct, usePages } from '../../api/use-api.ts';
import { useGo } from '../../app/navigate.ts';
import { t as common } from '../../messages/en.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { sayDone, sayFailed } from '../../ui/toast.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 15_000;

export function ConnectorErrors({ connector }: { connector: string }) {
  const [shown, setShown] = useState<ConnectorError | null>(null);
  const errors = usePages(
    '/v1/connectors/{connector}/errors',
    { path: { connector }, query: { limit: 20 } },
    { refreshMs: REFRESH_MS },
  );
  const columns: readonly Column<ConnectorError>[] = [
    { key: 'at', header: t('column.at'), cell: ({ at }) => <When iso={at} show="absolute" /> },
    { key: 'why', header: t('column.why'), cell: (error) => <Why of={error} /> },
    {
      key: 'do',
      header: t('column.do'),
      isNumber: true,
      cell: (error) => (
        <Group gap={6} justify="flex-end">
          <Button size="compact-xs" variant="default" onClick={() => setShown(error)}>
            {t('look')}
          </Button>
          {error.canRetry && <TakeAgain connector={connector} error={error.id} />}
          <Drop connector={connector} error={error.id} />
        </Group>
      ),
    },
  ];
  return (
    <section>
      <Title order={2}>{t('errors.title')}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('errors.lead')}
      </Text>
      <PagedTable
        caption={t('errors.caption')}
        columns={columns}
        pages={errors}
        rowKey={({ id }) => id}
        empty={{ title: t('errors.none'), text: t('errors.none.text') }}
      />
      <Detail error={shown} onClose={() => setShown(null)} />
    </section>
  );
}

function Why({ of: { detail, errors } }: { of: ConnectorError }) {
  return (
    <div style={{ overflowWrap: 'anywhere' }}>
      {detail}
      {errors
        .filter(({ message }) => !detail.includes(message))
        .map(({ field, message }) => (
          <Text key={field} size="sm" c="dimmed">
            {field} {message}
          </Text>
        ))}
    </div>
  );
}

type Props = { connector: string; error: string };

function TakeAgain(path: Props) {
  const go = useGo();
  const retry = useAct('post', '/v1/connectors/{connector}/errors/{error}/retry');
  // What is taken leaves the list, and this button with it, before its promise is kept.
  const take = async () => {
    try {
      const { outcome, request, detail } = await retry.mutateAsync({ path });
      sayDone(outcome === 'kept' ? `${t('again.kept')}: ${detail}` : t('again.done', { detail }));
      if (outcome !== 'kept' && request !== null) go(`/requests/${request}`);
    } catch (error) {
      sayFailed(t('again.failed'), error);
    }
  };
  return (
    <Button size="compact-xs" loading={retry.isPending} onClick={() => void take()}>
      {t('again')}
    </Button>
  );
}

function Drop(path: Props) {
  const drop = useAct('delete', '/v1/connectors/{connector}/errors/{error}');
  return (
    <ConfirmButton
      label={t('drop')}
      size="compact-xs"
      variant="default"
      title={t('drop.title')}
      consequence={t('drop.text')}
      act={() => drop.mutateAsync({ path })}
      done={t('dropped')}
    />
  );
}

function Detail({ error, onClose }: { error: ConnectorError | null; onClose: () => void }) {
  return (
    <Modal
      opened={error !== null}
      onClose={onClose}
      size="lg"
      title={t('detail.title')}
      closeButtonProps={{ 'aria-label': common('toast.close') }}
    >
      {error !== null && (
        <Stack gap="sm">
          <Why of={error} />
          <Text size="sm" c="dimmed">
            {t('detail.type')} {error.contentType}, <When iso={error.at} show="absolute" />
          </Text>
          <Text size="sm" fw={600}>
            {t('detail.payload')}
          </Text>
          {error.payload === null ? (
            <Text size="sm">{t('detail.none')}</Text>
          ) : (
            <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
              {error.payload}
            </Code>
          )}
        </Stack>
      )}
    </Modal>
  );
}
