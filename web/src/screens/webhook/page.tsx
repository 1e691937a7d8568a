/** One endpoint: how it stands, its deliveries, a test, another secret. */
import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Webhook } from '../../../../shared/webhook/webhook.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { useGo, usePathParam } from '../../app/navigate.ts';
import { t as common } from '../../messages/en.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { When } from '../../ui/values.tsx';
import { t as list } from '../webhooks/messages.en.ts';
import { WebhookSecret } from '../webhooks/secret.tsx';
import { WEBHOOK_STATES, webhookState } from '../webhooks/state.ts';
import { WebhookForm } from '../webhooks/webhook-form.tsx';
import { Deliveries } from './deliveries.tsx';
import { t } from './messages.en.ts';

const OVERLAP_HOURS = 24;

const LIST = { href: '/webhooks', title: t('back') };

export default function WebhookPage() {
  const id = usePathParam('webhook');
  const webhook = useRead('/v1/webhooks/{webhook}', { path: { webhook: id } });
  return (
    <QueryState of={webhook} isPage back={LIST}>
      {(found) => <Whole webhook={found} />}
    </QueryState>
  );
}

function Whole({ webhook }: { webhook: Webhook }) {
  const go = useGo();
  const [isChanging, setChanging] = useState(false);
  const [secret, setSecret] = useState<string | null>();
  const path = { webhook: webhook.id };
  const update = useAct('put', '/v1/webhooks/{webhook}');
  const test = useAct('post', '/v1/webhooks/{webhook}/test');
  const remove = useAct('delete', '/v1/webhooks/{webhook}');
  return (
    <>
      <PageHeader
        title={webhook.description === '' ? webhook.url : webhook.description}
        {...(webhook.description === '' ? {} : { lead: webhook.url })}
        back={LIST}
        status={<StatusBadge state={webhookState(webhook)} states={WEBHOOK_STATES} />}
        actions={
          <>
            <ConfirmButton
              label={t('remove')}
              variant="default"
              title={t('remove.title')}
              consequence={t('remove.text')}
              act={async () => {
                await remove.mutateAsync({ path });
                sayDone(t('removed'));
                go('/webhooks');
              }}
            />
            <Rotate webhook={webhook.id} onSecret={setSecret} />
            <Button variant="default" onClick={() => setChanging(true)}>
              {t('change')}
            </Button>
            <ActButton
              label={t('test')}
              whyNot={webhook.enabled ? null : t('off')}
              act={() => test.mutateAsync({ path })}
              done={t('test.done')}
              failed={t('test.failed')}
            />
          </>
        }
      />
      <Stack gap="lg">
        <Facts webhook={webhook} />
        <Deliveries webhook={webhook.id} isOn={webhook.enabled} />
      </Stack>
      <Modal
        opened={isChanging}
        onClose={() => setChanging(false)}
        title={list('form.title.change')}
        closeButtonProps={{ 'aria-label': common('toast.close') }}
      >
        <WebhookForm
          webhook={webhook}
          onCancel={() => setChanging(false)}
          send={async (body) => {
            await update.mutateAsync({ path, body });
            setChanging(false);
            sayDone(list('saved'));
          }}
        />
      </Modal>
      <WebhookSecret secret={secret} onClose={() => setSecret(undefined)} />
    </>
  );
}

function Facts({ webhook: { events, secrets, failingSince, pausedUntil } }: { webhook: Webhook }) {
  return (
    <Stack gap={4}>
      <Text size="sm">
        <Text span c="dimmed">
          {t('fact.events')}:{' '}
        </Text>
        {events === 'all' ? list('events.all') : events.join(', ')}
      </Text>
      <Text size="sm">
        <Text span c="dimmed">
          {t('fact.secrets')}:{' '}
        </Text>
        {secrets}
      </Text>
      {failingSince !== null && (
        <Text size="sm" component="div">
          <Text span c="dimmed">
            {t('fact.failing')}:{' '}
          </Text>
          <When iso={failingSince} show="absolute" />
        </Text>
      )}
      {pausedUntil !== null && (
        <Text size="sm" component="div">
          <Text span c="dimmed">
            {t('fact.paused')}:{' '}
          </Text>
          <When iso={pausedUntil} show="absolute" />
        </Text>
      )}
    </Stack>
  );
}

function Rotate({ webhook, onSecret }: { webhook: string; onSecret: (secret: string | null) => void }) {
  const [hasLeaked, setLeaked] = useState(false);
  const rotate = useAct('post', '/v1/webhooks/{webhook}/secret');
  return (
    <ConfirmButton
      label={t('rotate')}
      variant="default"
      title={t('rotate.title')}
      consequence={
        <Group gap="sm">
          <Text size="sm">{t('rotate.text')}</Text>
          <Checkbox
            label={t('rotate.leaked')}
            checked={hasLeaked}
            onChange={(event) => setLeaked(event.currentTarget.checked)}
          />
        </Group>
      }
      act={async () => {
        const body = { overlapHours: hasLeaked ? 0 : OVERLAP_HOURS };
        onSecret((await rotate.mutateAsync({ path: { webhook }, body })).secret);
      }}
    />
  );
}
