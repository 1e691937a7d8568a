/** One's endpoints, and adding one. */
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { Webhook } from '../../../../shared/webhook/webhook.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { t as common } from '../../messages/en.ts';
import { type Column, ReadTable } from '../../ui/data-table.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { When } from '../../ui/values.tsx';
import { t } from './messages.en.ts';
import { WebhookSecret } from './secret.tsx';
import { WEBHOOK_STATES, webhookState } from './state.ts';
import { WebhookForm } from './webhook-form.tsx';

const columns: readonly Column<Webhook>[] = [
  { key: 'url', header: t('column.url'), cell: ({ url, description }) => (description === '' ? url : description) },
  {
    key: 'state',
    header: t('column.state'),
    cell: (webhook) => <StatusBadge state={webhookState(webhook)} states={WEBHOOK_STATES} />,
  },
  {
    key: 'events',
    header: t('column.events'),
    cell: ({ events }) => (events === 'all' ? t('events.all') : t('events.some', { count: events.length })),
  },
  { key: 'created', header: t('column.created'), cell: ({ createdAt }) => <When iso={createdAt} show="date" /> },
];

export default function Webhooks() {
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>();
  const webhooks = useRead('/v1/webhooks');
  const create = useAct('post', '/v1/webhooks');
  const add = <Button onClick={() => setAdding(true)}>{t('add')}</Button>;
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} actions={add} />
      <ReadTable
        caption={t('caption')}
        columns={columns}
        of={webhooks}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/webhooks/${id}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
      <Modal
        opened={isAdding}
        onClose={() => setAdding(false)}
        title={t('form.title')}
        closeButtonProps={{ 'aria-label': common('toast.close') }}
      >
        <WebhookForm
          onCancel={() => setAdding(false)}
          send={async (body) => {
            const made = await create.mutateAsync({ body });
            setAdding(false);
            setSecret(made.secret);
          }}
        />
      </Modal>
      <WebhookSecret secret={secret} onClose={() => setSecret(undefined)} />
    </>
  );
}
