/** What was sent to an endpoint and what became of it; each can be looked at and sent again. */
import { Button, Group, SegmentedControl, Title } from '@mantine/core';
import type { DeliveryView } from '../../../../shared/webhook/webhook.ts';
import { call } from '../../api/call.ts';
import { useAct, usePages } from '../../api/use-api.ts';
import { useNow } from '../../app/market-time.ts';
import { useUrlState } from '../../app/navigate.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { Count, When } from '../../ui/values.tsx';
import { DeliveryDialog, lastAnswer } from './delivery.tsx';
import { t } from './messages.en.ts';

const REFRESH_MS = 10_000;
const KEPT_MS = 30 * 86_400_000;
const STATES = ['pending', 'delivered', 'dead'] as const;
export const DELIVERY_STATES = {
  pending: { text: t('deliveries.pending'), tone: 'info' },
  delivered: { text: t('deliveries.delivered'), tone: 'good' },
  dead: { text: t('deliveries.dead'), tone: 'bad' },
} as const;

export function Deliveries({ webhook, isOn }: { webhook: string; isOn: boolean }) {
  const now = useNow();
  const [{ state, delivery: shown }, set] = useUrlState({ state: '', delivery: '' });
  const deliveries = usePages(
    '/v1/webhooks/{webhook}/deliveries',
    { path: { webhook }, query: { limit: 50, ...(state === '' ? {} : { state: state as DeliveryView['state'] }) } },
    { refreshMs: REFRESH_MS },
  );
  const replayAll = useAct('post', '/v1/webhooks/{webhook}/replay');
  const sendAgain = async () => {
    const input = { path: { webhook }, body: { since: new Date(now - KEPT_MS).toISOString() } };
    let went = await replayAll.mutateAsync(input);
    let count = went.replayed;
    while (!went.isComplete) {
      went = await call('post', '/v1/webhooks/{webhook}/replay', input);
      count += went.replayed;
    }
    sayDone(t('replay.all.done', { count }));
  };
  const columns: readonly Column<DeliveryView>[] = [
    { key: 'type', header: t('column.type'), cell: ({ type }) => type },
    {
      key: 'state',
      header: t('column.state'),
      cell: (delivery) => <StatusBadge state={delivery.state} states={DELIVERY_STATES} />,
    },
    { key: 'at', header: t('column.at'), cell: ({ occurredAt }) => <When iso={occurredAt} /> },
    {
      key: 'tries',
      header: t('column.tries'),
      isNumber: true,
      cell: ({ attempts }) => <Count value={attempts.length} />,
    },
    { key: 'last', header: t('column.last'), cell: (delivery) => lastAnswer(delivery) },
    { key: 'next', header: t('column.next'), cell: ({ nextTryAt }) => <When iso={nextTryAt} /> },
    {
      key: 'do',
      header: t('column.do'),
      cell: (delivery) => (
        <Group gap={6} wrap="nowrap" justify="flex-end">
          <Button size="compact-xs" variant="default" onClick={() => set({ delivery: delivery.id })}>
            {t('open')}
          </Button>
          <Replay webhook={webhook} delivery={delivery.id} isOn={isOn} />
        </Group>
      ),
    },
  ];
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t('deliveries.title')}</Title>
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            aria-label={t('deliveries.state')}
            value={state}
            onChange={(value) => set({ state: value })}
            data={[
              { value: '', label: t('deliveries.all') },
              ...STATES.map((value) => ({ value, label: DELIVERY_STATES[value].text })),
            ]}
          />
          <ConfirmButton
            label={t('replay.all')}
            size="xs"
            variant="default"
            whyNot={isOn ? null : t('off')}
            title={t('replay.all.title')}
            consequence={t('replay.all.text')}
            act={sendAgain}
          />
        </Group>
      </Group>
      <PagedTable
        caption={t('deliveries.caption')}
        columns={columns}
        pages={deliveries}
        rowKey={({ id }) => id}
        empty={{ title: t('deliveries.empty'), text: t('deliveries.empty.text') }}
      />
      <DeliveryDialog webhook={webhook} delivery={shown} onClose={() => set({ delivery: '' })} />
    </section>
  );
}

function Replay({ webhook, delivery, isOn }: { webhook: string; delivery: string; isOn: boolean }) {
  const replay = useAct('post', '/v1/webhooks/{webhook}/deliveries/{delivery}/replay');
  return (
    <ActButton
      label={t('replay')}
      size="compact-xs"
      variant="default"
      whyNot={isOn ? null : t('off')}
      act={() => replay.mutateAsync({ path: { webhook, delivery } })}
      done={t('replay.done')}
      failed={t('replay.failed')}
    />
  );
}
