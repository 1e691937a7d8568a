/** The market's payout runs, and the providers whose pay is held. */
import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PayoutRun } from '../../../../shared/payout/payout.ts';
import { useAct, usePages } from '../../api/use-api.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, DataTable, PagedTable } from '../../ui/data-table.tsx';
import { OrganisationName, PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, Money, When } from '../../ui/values.tsx';
import { DownloadButton } from '../finance-parts/download.tsx';
import { useThisMonth } from '../finance-parts/filters.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from './messages.en.ts';
import { runText } from './run-name.ts';
import { RUN_STATES } from './states.ts';

type Total = PayoutRun['totals'][number];
const each = (totals: readonly Total[], show: (total: Total) => ReactNode) =>
  totals.length === 0 ? '–' : totals.map((total) => <div key={total.currency}>{show(total)}</div>);

const columns: readonly Column<PayoutRun>[] = [
  { key: 'run', header: t('column.run'), cell: ({ run }) => runText(run) },
  { key: 'state', header: t('column.state'), cell: ({ state }) => <StatusBadge state={state} states={RUN_STATES} /> },
  { key: 'by', header: t('column.by'), cell: ({ madeBy }) => <PersonName id={madeBy} /> },
  {
    key: 'payouts',
    header: t('column.payouts'),
    isNumber: true,
    cell: ({ totals }) => each(totals, ({ payouts }) => <Count value={payouts} />),
  },
  {
    key: 'held',
    header: t('column.held'),
    isNumber: true,
    cell: ({ totals }) => each(totals, ({ held }) => <Count value={held} />),
  },
  {
    key: 'amount',
    header: t('column.amount'),
    isNumber: true,
    cell: ({ totals }) =>
      each(totals, ({ amountMicros, currency }) => <Money micros={amountMicros} currency={currency} />),
  },
  { key: 'made', header: t('column.made'), isNumber: true, cell: ({ madeAt }) => <When iso={madeAt} show="date" /> },
];

export default function PayoutRuns() {
  const runs = usePages('/v1/payout-runs', { query: { limit: 100 } });
  const make = useAct('post', '/v1/payout-runs');
  const may = useMay('market.finance');
  const year = useThisMonth().slice(0, 4);
  return (
    <>
      <PageHeader
        title={t('title')}
        lead={t('lead')}
        actions={
          <Group gap="xs">
            <DownloadButton
              label={t('taxes', { year })}
              name={`provider-tax-reports-${year}.csv`}
              path={`/v1/provider-tax-reports/${year}`}
            />
            {may && (
              <ConfirmButton
                label={t('make')}
                title={t('make.title')}
                consequence={t('make.text')}
                act={() => make.mutateAsync({})}
                done={t('made')}
              />
            )}
          </Group>
        }
      />
      <PagedTable
        caption={t('caption')}
        columns={columns}
        pages={runs}
        rowKey={({ run }) => run}
        rowHref={({ run }) => `/payout-runs/${run}`}
        empty={{ title: t('empty'), text: t('empty.text') }}
      />
      <Holds may={may} />
    </>
  );
}

function Holds({ may }: { may: boolean }) {
  const holds = usePages('/v1/payout-holds', { query: { limit: 100 } });
  const release = useAct('post', '/v1/payout-holds/{provider}/release');
  return (
    <div style={{ marginBlockStart: '2rem' }}>
      <Section title={t('holds')} lead={t('holds.lead')}>
        <QueryState of={holds.query}>
          {() =>
            holds.items.length === 0 ? (
              <Text c="dimmed">{t('holds.none')}</Text>
            ) : (
              <DataTable
                caption={t('holds.caption')}
                rows={holds.items}
                rowKey={({ provider }) => provider}
                rowHref={({ provider }) => `/providers/${provider}`}
                columns={[
                  {
                    key: 'provider',
                    header: t('column.provider'),
                    cell: ({ provider }) => <OrganisationName id={provider} />,
                  },
                  { key: 'reason', header: t('column.reason'), cell: ({ reason }) => reason },
                  { key: 'since', header: t('column.since'), cell: ({ heldAt }) => <When iso={heldAt} /> },
                  {
                    key: 'release',
                    header: t('release'),
                    cell: ({ provider }) =>
                      may && (
                        <ConfirmButton
                          size="xs"
                          label={t('release')}
                          title={t('release.title')}
                          consequence={t('release.text')}
                          act={() => release.mutateAsync({ path: { provider } })}
                          done={t('released')}
                        />
                      ),
                  },
                ]}
              />
            )
          }
        </QueryState>
      </Section>
    </div>
  );
}
