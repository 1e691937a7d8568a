/** One payout run: whom it pays what, and its approval. */
import { Group } from '@mantine/core';
import type { PayoutRun, RunLine } from '../../../../shared/payout/payout.ts';
import { useAct, usePages, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { type Column, PagedTable } from '../../ui/data-table.tsx';
import { Figure, Figures } from '../../ui/figures.tsx';
import { moneyText } from '../../ui/format.ts';
import { OrganisationName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Money, None } from '../../ui/values.tsx';
import { Section } from '../finance-parts/section.tsx';
import { t } from '../payout-runs/messages.en.ts';
import { runText } from '../payout-runs/run-name.ts';
import { LINE_STATES, RUN_STATES } from '../payout-runs/states.ts';

const money = (key: 'payable' | 'pays' | 'clawback', pick: (line: RunLine) => number): Column<RunLine> => ({
  key,
  header: t(`column.${key}`),
  isNumber: true,
  cell: (line) => <Money micros={pick(line)} currency={line.currency} />,
});
const columns: readonly Column<RunLine>[] = [
  { key: 'provider', header: t('column.provider'), cell: ({ provider }) => <OrganisationName id={provider} /> },
  { key: 'state', header: t('column.state'), cell: ({ state }) => <StatusBadge state={state} states={LINE_STATES} /> },
  money('payable', ({ payableMicros }) => payableMicros),
  money('pays', ({ amountMicros }) => amountMicros),
  money('clawback', ({ clawbackMicros }) => clawbackMicros),
  { key: 'reason', header: t('column.reason'), cell: ({ reason }) => reason ?? <None /> },
];

const LIST = { href: '/payout-runs', title: t('title') };

export default function PayoutRunPage() {
  const run = usePathParam('run');
  const found = useRead('/v1/payout-runs/{run}', { path: { run } }, { refreshMs: 5_000 });
  const lines = usePages('/v1/payout-runs/{run}/lines', { path: { run }, query: { limit: 100 } });
  return (
    <QueryState of={found} isPage back={LIST}>
      {(of) => (
        <>
          <PageHeader
            title={runText(run)}
            back={LIST}
            status={<StatusBadge state={of.state} states={RUN_STATES} />}
            actions={of.state === 'proposed' && <Decide of={of} />}
          />
          {of.totals.map(({ currency, payouts, amountMicros, clawbackMicros, held }) => (
            <Figures key={currency}>
              <Figure name={t('column.payouts')}>{payouts}</Figure>
              <Figure name={t('column.amount')}>
                <Money micros={amountMicros} currency={currency} />
              </Figure>
              <Figure name={t('column.clawback')}>
                <Money micros={clawbackMicros} currency={currency} />
              </Figure>
              <Figure name={t('column.held')}>{held}</Figure>
            </Figures>
          ))}
          <Section title={t('lines')}>
            <PagedTable
              caption={t('lines.caption')}
              columns={columns}
              pages={lines}
              rowKey={({ provider, currency }) => `${provider} ${currency}`}
              rowHref={({ provider }) => `/providers/${provider}`}
              empty={{ title: t('lines.empty'), text: t('lines.empty.text') }}
            />
          </Section>
        </>
      )}
    </QueryState>
  );
}

function Decide({ of: { run, totals } }: { of: PayoutRun }) {
  const approve = useAct('post', '/v1/payout-runs/{run}/approval');
  const drop = useAct('post', '/v1/payout-runs/{run}/drop');
  if (!useMay('market.finance')) return null;
  const amount = totals.map(({ amountMicros, currency }) => moneyText(amountMicros, currency)).join(', ');
  const count = totals.reduce((sum, { payouts }) => sum + payouts, 0);
  return (
    <Group gap="xs">
      <ConfirmButton
        label={t('drop')}
        variant="default"
        title={t('drop.title')}
        consequence={t('drop.text')}
        act={() => drop.mutateAsync({ path: { run } })}
        done={t('dropped')}
      />
      <ConfirmButton
        label={t('approve')}
        title={t('approve.title')}
        consequence={t('approve.text', { amount, count })}
        act={() => approve.mutateAsync({ path: { run } })}
        done={t('approved')}
      />
    </Group>
  );
}
