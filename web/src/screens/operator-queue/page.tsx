/** One queue as its operator sees it: rounds, terms as published, new terms with their notice. */
import { Stack, Title } from '@mantine/core';
import type { PublicRound } from '../../../../shared/queue/queue.ts';
import { longName } from '../../../../shared/service-class/class-name.ts';
import { usePages, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, When } from '../../ui/values.tsx';
import { ROUND_STATES } from '../market-parts/round-state.ts';
import { TermsOfQueue } from '../queue/terms.tsx';
import { t } from './messages.en.ts';
import { NewTerms } from './new-terms.tsx';

const columns: readonly Column<PublicRound>[] = [
  { key: 'round', header: t('column.round'), cell: ({ round }) => <Count value={round} /> },
  {
    key: 'state',
    header: t('column.state'),
    cell: ({ state }) => <StatusBadge state={state} states={ROUND_STATES} />,
  },
  { key: 'from', header: t('column.from'), cell: ({ startsAt }) => <When iso={startsAt} show="date" /> },
  { key: 'to', header: t('column.to'), cell: ({ endsAt }) => <When iso={endsAt} show="date" /> },
  {
    key: 'terms',
    header: t('column.terms'),
    isNumber: true,
    cell: ({ termsVersion }) => <Count value={termsVersion} />,
  },
  {
    key: 'awarded',
    header: t('column.awarded'),
    isNumber: true,
    cell: ({ figures }) => <Count value={figures?.awarded ?? null} />,
  },
];

const LIST = { href: '/operator/rounds', title: t('back') };

export default function OperatorQueue() {
  const id = usePathParam('queue');
  const operates = useMay('market.operator');
  const queue = useRead('/v1/queues/{queue}', { path: { queue: id } });
  const rounds = usePages('/v1/queues/{queue}/rounds', { path: { queue: id }, query: { limit: 20 } });
  return (
    <QueryState of={queue} isPage back={LIST}>
      {(found) => (
        <>
          <PageHeader title={longName(found.serviceClass)} lead={t('lead')} back={LIST} />
          <Stack gap="xl">
            <section>
              <Title order={2} mb="sm">
                {t('rounds.title')}
              </Title>
              <PagedTable
                caption={t('rounds.caption')}
                columns={columns}
                pages={rounds}
                rowKey={({ round }) => `${round}`}
                rowHref={({ round }) => `/operator/rounds/${id}/${round}`}
                empty={{ title: t('rounds.empty'), text: t('rounds.empty.text') }}
              />
            </section>
            {operates && <NewTerms key={found.termsVersion} queue={found} />}
            <section>
              <Title order={2} mb="sm">
                {t('terms.title')}
              </Title>
              <TermsOfQueue queue={found} />
            </section>
          </Stack>
        </>
      )}
    </QueryState>
  );
}
