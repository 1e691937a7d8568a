/** Kinds of tickets, each with the queue that pools it, its price and what it saves. */
import { Select, Text } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import type { DataOf } from '../../api/types.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { moneyText, percentText } from '../../ui/format.ts';
import { Count, Money } from '../../ui/values.tsx';
import { classTitle } from '../market/service-class.ts';
import { t } from './messages.en.ts';
import { type Proposal, yearlySaving } from './tickets/proposals.ts';

type Estimate = DataOf<'post', '/v1/estimates'>['items'][number];
type Row = { proposal: Proposal; queue: PublicQueue | undefined; estimate: Estimate | undefined };
type Props = {
  proposals: readonly Proposal[];
  queues: readonly PublicQueue[];
  estimates: readonly Estimate[];
  onChoose: (key: string, queue: string | null) => void;
};

const NONE = '';

export function Kinds({ proposals, queues, estimates, onChoose }: Props) {
  const rows = proposals.map((proposal) => ({
    proposal,
    queue: queues.find(({ id }) => id === proposal.queue),
    estimate: estimates.find(({ queue }) => queue === proposal.queue),
  }));
  const columns: readonly Column<Row>[] = [
    { key: 'kind', header: t('kinds.kind'), cell: ({ proposal }) => classTitle(proposal) },
    {
      key: 'yearly',
      header: t('kinds.yearly'),
      isNumber: true,
      cell: ({ proposal }) => <Count value={proposal.yearly} />,
    },
    {
      key: 'queue',
      header: t('kinds.queue'),
      cell: ({ proposal }) => (
        <Select
          aria-label={t('kinds.queue.label', { kind: classTitle(proposal) })}
          size="xs"
          w={230}
          searchable
          allowDeselect={false}
          value={proposal.queue ?? NONE}
          onChange={(queue) => onChoose(proposal.key, queue === NONE ? null : queue)}
          data={[
            { value: NONE, label: t('kinds.queue.none') },
            ...queues.map(({ id, serviceClass }) => ({
              value: id,
              label: `${classTitle(serviceClass)}, ${serviceClass.language}, ${serviceClass.slaTier}`,
            })),
          ]}
        />
      ),
    },
    { key: 'price', header: t('kinds.price'), isNumber: true, cell: (row) => <Price row={row} /> },
    { key: 'saving', header: t('kinds.saving'), isNumber: true, cell: (row) => <SavingRange row={row} /> },
    { key: 'saved', header: t('kinds.saved'), isNumber: true, cell: (row) => <Saved row={row} /> },
  ];
  return (
    <DataTable caption={t('kinds.caption')} columns={columns} rows={rows} rowKey={({ proposal }) => proposal.key} />
  );
}

const Dash = () => <Money micros={null} currency="USD" />;

function Price({ row: { queue, estimate } }: { row: Row }) {
  const price = estimate?.priceMicros;
  if (queue === undefined || price == null) return <Dash />;
  return (
    <div title={estimate?.says}>
      <Money micros={price.likely} currency={queue.currency} />
      <Text size="xs" c="dimmed" className="number">
        {t('kinds.range', { low: moneyText(price.low, queue.currency), high: moneyText(price.high, queue.currency) })}
      </Text>
    </div>
  );
}

function SavingRange({ row: { estimate } }: { row: Row }) {
  const saving = estimate?.savingBps;
  if (saving == null) return <Dash />;
  return (
    <div title={estimate?.says}>
      <span className={saving.likely > 0 ? 'number good' : 'number'}>{percentText(saving.likely)}</span>
      <Text size="xs" c="dimmed" className="number">
        {t('kinds.range', { low: percentText(saving.low), high: percentText(saving.high) })}
      </Text>
    </div>
  );
}

function Saved({ row: { proposal, queue, estimate } }: { row: Row }) {
  const saved = estimate === undefined ? null : yearlySaving(proposal.yearly, estimate);
  return <Money micros={saved?.likely ?? null} currency={queue?.currency ?? 'USD'} />;
}
