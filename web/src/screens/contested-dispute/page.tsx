/** One dispute with both sides' amounts, and the market's decision. */
import { useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { t } from '../contested/messages.en.ts';
import { DisputeClock } from '../dispute-parts/clock.tsx';
import { DisputeEvidence } from '../dispute-parts/evidence.tsx';
import { DisputeAmounts, DisputeFacts, DisputeSteps } from '../dispute-parts/facts.tsx';
import { DISPUTE_STATES } from '../finance-parts/states.ts';
import { Decide } from './decide.tsx';

const LIST = { href: '/contested', title: t('title') };

export default function ContestedDispute() {
  const path = { dispute: usePathParam('dispute') };
  const dispute = useRead('/v1/money/disputes/{dispute}', { path });
  const evidence = useRead('/v1/money/disputes/{dispute}/evidence', { path });
  const decides = useMay('market.operator');
  return (
    <QueryState of={dispute} isPage back={LIST}>
      {(of) => (
        <>
          <PageHeader
            title={t('dispute', { request: of.request.split('.').at(-1) ?? '' })}
            back={LIST}
            status={<StatusBadge state={of.state} states={DISPUTE_STATES} />}
          />
          <DisputeClock of={of} />
          {decides && of.state === 'contested' && <Decide dispute={of.id} />}
          <DisputeAmounts of={of} />
          <DisputeFacts of={of} hrefs={of.invoice === null ? {} : { invoice: `/invoices/${of.invoice}` }} />
          <br />
          <DisputeSteps of={of} />
          <DisputeEvidence of={evidence} />
        </>
      )}
    </QueryState>
  );
}
