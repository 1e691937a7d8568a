/** One dispute, for the company that opened it and the provider that answers it. */
import { Group } from '@mantine/core';
import type { DisputeView } from '../../../../shared/dispute/dispute-view.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { moneyText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { DisputeClock } from '../dispute-parts/clock.tsx';
import { DisputeEvidence } from '../dispute-parts/evidence.tsx';
import { DisputeAmounts, DisputeFacts, DisputeSteps } from '../dispute-parts/facts.tsx';
import { DISPUTE_STATES } from '../finance-parts/states.ts';
import { Answer } from './answer.tsx';
import { t } from './messages.en.ts';

const LIST = { href: '/disputes', title: t('disputes') };

export default function DisputePage() {
  const id = usePathParam('dispute');
  const isCompany = useMay('company.admin', 'company.finance');
  const dispute = useRead('/v1/disputes/{dispute}', { path: { dispute: id } });
  const evidence = useRead('/v1/disputes/{dispute}/evidence', { path: { dispute: id } });
  return (
    <QueryState of={dispute} isPage back={LIST}>
      {(view) => (
        <>
          <PageHeader
            title={`${t('title')} ${view.request.split('.').at(-1)}`}
            back={LIST}
            status={<StatusBadge state={view.state} states={DISPUTE_STATES} />}
            actions={isCompany && <CompanyActions of={view} />}
          />
          <DisputeClock of={view} />
          {!isCompany && view.state === 'open' && <Answer of={view} />}
          <DisputeAmounts of={view} />
          <DisputeFacts of={view} hrefs={isCompany ? hrefsOf(view) : { charge: `/earned/${view.lease}` }} />
          <br />
          <DisputeSteps of={view} />
          <DisputeEvidence of={evidence} />
        </>
      )}
    </QueryState>
  );
}

const hrefsOf = ({ request, invoice, creditNote }: DisputeView) => ({
  charge: `/charges/${request}`,
  ...(invoice === null ? {} : { invoice: `/invoices/${invoice}` }),
  ...(creditNote === null ? {} : { creditNote: '/credits' }),
});

function CompanyActions({ of }: { of: DisputeView }) {
  const [own] = of.amounts;
  const withdraw = useAct('post', '/v1/disputes/{dispute}/withdraw');
  const take = useAct('post', '/v1/disputes/{dispute}/take-offer');
  if (of.state !== 'open' && of.state !== 'contested') return null;
  const path = { dispute: of.id };
  const money = (micros: number | null | undefined) => moneyText(micros ?? 0, of.currency, { exact: true });
  const offered = money(own?.offeredMicros);
  return (
    <Group gap="xs">
      <ConfirmButton
        label={t('withdraw')}
        variant="default"
        title={t('withdraw.title')}
        consequence={t('withdraw.text', { amount: money(own?.wholeMicros) })}
        act={() => withdraw.mutateAsync({ path })}
        done={t('withdrawn')}
      />
      {own?.offeredMicros !== null && own !== undefined && (
        <ConfirmButton
          label={t('take')}
          title={t('take.title')}
          consequence={t('take.text', {
            offered,
            claimed: money(own.claimedMicros),
            wants: t(`take.wants.${of.wants}`),
          })}
          act={() => take.mutateAsync({ path })}
          done={t('taken', { offered })}
        />
      )}
    </Group>
  );
}
