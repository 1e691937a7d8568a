/** Where a request stands and what it costs. */
import { Paper, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import type { RequestView } from '../../../../shared/request/request.ts';
import { elsewhere } from '../../app/elsewhere.ts';
import { FigureLink } from '../../ui/figure-link.tsx';
import { percentText } from '../../ui/format.ts';
import { Go } from '../../ui/go.tsx';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { Money, When } from '../../ui/values.tsx';
import { QueueLink } from '../market-parts/queues.tsx';
import { t } from './messages.en.ts';
import { useReceipt } from './receipt.tsx';

export function Facts({ request }: { request: RequestView }) {
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('facts.title')}
      </Title>
      <Table withRowBorders={false} verticalSpacing={4} horizontalSpacing={0}>
        <Table.Tbody>
          {rowsOf(request).map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" w="38%" style={{ verticalAlign: 'top' }}>
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function rowsOf(request: RequestView): [string, ReactNode][] {
  const { queue, round, provider, route, acceptedAt, deadline, resolvedAt, withinSla, reopens, linkedTo, id } = request;
  const { incident, state } = request;
  const row = (name: string, value: ReactNode): [string, ReactNode] => [name, value];
  const when = (iso: string) => <When iso={iso} show="absolute" />;
  return [
    row(t('facts.queue'), <QueueLink id={queue} />),
    row(t('facts.round'), round === null ? t('facts.round.none') : <Go href={`/demand/${queue}/${round}`}>{round}</Go>),
    row(t('facts.provider'), <OrganisationLink id={provider} />),
    row(t('facts.route'), t(`facts.route.${route}`)),
    row(t('facts.accepted'), when(acceptedAt)),
    row(t('facts.deadline'), when(deadline)),
    ...(resolvedAt === null ? [] : [row(t('facts.resolved'), when(resolvedAt))]),
    ...(withinSla === null ? [] : [row(t('facts.sla'), t(withinSla ? 'facts.sla.yes' : 'facts.sla.no'))]),
    ...(reopens === 0 ? [] : [row(t('facts.reopens'), `${reopens} ×`)]),
    ...(linkedTo === null ? [] : [row(t('facts.linkedTo'), <Go href={`/requests/${linkedTo}`}>{linkedTo}</Go>)]),
    ...(incident === null
      ? []
      : [
          row(
            t('facts.incident'),
            <Go href={`/incidents/${incident}`}>
              {t(state === 'linked' ? 'facts.incident.open' : 'facts.incident.back')}
            </Go>,
          ),
        ]),
    row(t('facts.id'), id),
  ];
}

const UNBILLED = ['unserved', 'cancelled', 'linked'];

export function Cost({ request, queue }: { request: RequestView; queue: PublicQueue | undefined }) {
  const isSettled = request.state === 'settled';
  const price = useReceipt(request.id, isSettled).data?.receipt.price ?? null;
  const currency = queue?.currency ?? 'USD';
  const href = elsewhere('/charges/$request', { request: request.id });
  const charged = price === null ? null : <Money micros={price.micros} currency={price.currency} exact />;
  return (
    <Paper p="md">
      <Title order={2} mb="xs">
        {t('cost.title')}
      </Title>
      {UNBILLED.includes(request.state) ? (
        <Text c="dimmed">{t('cost.none')}</Text>
      ) : (
        <Stack gap={4}>
          {charged !== null ? (
            <Text>
              {t('cost.charged')}:{' '}
              {href === undefined ? (
                charged
              ) : (
                <FigureLink href={href} what={t('cost.open')}>
                  {charged}
                </FigureLink>
              )}
            </Text>
          ) : (
            !isSettled && (
              <Text c="dimmed">{t('cost.notYet', { share: percentText(queue?.terms.assumedRateBps ?? 0) })}</Text>
            )
          )}
          <Text>
            {t('cost.price')}: <Money micros={request.priceMicros} currency={currency} exact />
          </Text>
        </Stack>
      )}
    </Paper>
  );
}
