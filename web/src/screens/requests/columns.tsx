/** One request in a row. */
import { Group, Text } from '@mantine/core';
import { isFinal, type RequestView } from '../../../../shared/request/request.ts';
import { useNow } from '../../app/market-time.ts';
import type { Column } from '../../ui/data-table.tsx';
import { OrganisationLink } from '../../ui/organisation-link.tsx';
import { Reference } from '../../ui/reference.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, TimeLeft, When } from '../../ui/values.tsx';
import { REQUEST_STATES } from '../company-parts/request-state.ts';
import { t } from './messages.en.ts';

/** Columns of requests; prices in the currency of their queue. */
export const columnsOf = (currencyOf: (queue: string) => string): Column<RequestView>[] => [
  { key: 'id', header: t('column.id'), cell: ({ externalId }) => <Reference>{externalId}</Reference> },
  { key: 'state', header: t('column.state'), cell: (request) => <State of={request} /> },
  {
    key: 'accepted',
    header: t('column.accepted'),
    isNumber: true,
    sort: { ascending: 'oldest', descending: 'newest' },
    cell: ({ acceptedAt }) => <When iso={acceptedAt} show="absolute" />,
  },
  { key: 'deadline', header: t('column.deadline'), isNumber: true, cell: (request) => <Deadline of={request} /> },
  { key: 'provider', header: t('column.provider'), cell: ({ provider }) => <OrganisationLink id={provider} /> },
  {
    key: 'price',
    header: t('column.price'),
    isNumber: true,
    cell: ({ priceMicros, queue }) => <Money micros={priceMicros} currency={currencyOf(queue)} />,
  },
  {
    key: 'outcome',
    header: t('column.outcome'),
    cell: ({ outcome }) => (
      <Text span size="sm" lineClamp={2}>
        {outcome?.summary ?? ''}
      </Text>
    ),
  },
];

function State({ of: { state, reopens } }: { of: RequestView }) {
  return (
    <Group gap={6}>
      <StatusBadge state={state} states={REQUEST_STATES} />
      {reopens > 0 && (
        <Text span size="sm" c="dimmed">
          {t('reopened', { count: reopens })}
        </Text>
      )}
    </Group>
  );
}

/** How long there is as long as it is open; afterwards whether it was in time. */
function Deadline({ of: { state, deadline, withinSla } }: { of: RequestView }) {
  const now = useNow();
  if (withinSla !== null)
    return <span className={withinSla ? undefined : 'bad'}>{t(withinSla ? 'deadline.inTime' : 'deadline.late')}</span>;
  if (isFinal(state)) return <When iso={deadline} show="date" />;
  if (Date.parse(deadline) <= now) return <span className="bad">{t('deadline.overdue')}</span>;
  return <TimeLeft iso={deadline} />;
}
