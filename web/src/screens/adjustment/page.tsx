/** One adjustment: what it posts and why, and the decision of a second person. */
import type { Adjustment } from '../../../../shared/ledger/adjustment.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { moneyText } from '../../ui/format.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { kindText, movedMicros } from '../adjustments/kinds.ts';
import { t } from '../adjustments/messages.en.ts';
import { EntryLink } from '../finance-parts/entry-link.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { Acted } from '../money-parts/acted.tsx';
import { Decide } from '../money-parts/decide.tsx';
import { hrefOfLedger } from '../money-parts/hrefs.ts';
import { Legs } from '../money-parts/legs.tsx';
import { ADJUSTMENT_STATES } from '../money-parts/states.ts';

/** One that is approved is posted with its credit note, a little later. */
const REFRESH_MS = 10_000;

const LIST = { href: '/adjustments', title: t('title') };

export default function AdjustmentPage() {
  const adjustment = usePathParam('adjustment');
  const found = useRead('/v1/adjustments/{adjustment}', { path: { adjustment } }, { refreshMs: REFRESH_MS });
  return (
    <QueryState of={found} isPage back={LIST}>
      {(of) => <One of={of} />}
    </QueryState>
  );
}

function One({ of }: { of: Adjustment }) {
  const { kind, state, currency, legs, adjusts, event } = of;
  return (
    <>
      <PageHeader
        title={t('one.title', { kind: kindText(kind), amount: moneyText(movedMicros(of), currency, { exact: true }) })}
        back={LIST}
        status={<StatusBadge state={state} states={ADJUSTMENT_STATES} />}
        actions={state === 'proposed' && <Decision of={of} />}
      />
      <Facts>
        <Fact name={t('fact.reason')}>{of.reason}</Fact>
        {adjusts !== null && (
          <Fact name={t('fact.adjusts')}>
            <EntryLink href={hrefOfLedger(adjusts)} event={adjusts} />
          </Fact>
        )}
        <Fact name={t('fact.entry')}>
          {state === 'posted' ? <EntryLink href={hrefOfLedger(event)} event={event} /> : t('fact.entry.none')}
        </Fact>
        <Acted by={t('fact.by')} at={t('fact.at')} who={of.proposedBy} when={of.proposedAt} />
        <Acted by={t('fact.decidedBy')} at={t('fact.decidedAt')} who={of.decidedBy} when={of.decidedAt} />
      </Facts>
      <br />
      <Section title={t(state === 'posted' ? 'legs.posted' : 'legs')} lead={t('legs.lead')}>
        <Legs legs={legs} currency={currency} />
      </Section>
    </>
  );
}

function Decision({ of: { id, proposedBy, kind } }: { of: Adjustment }) {
  const approve = useAct('post', '/v1/adjustments/{adjustment}/approve');
  const withdraw = useAct('post', '/v1/adjustments/{adjustment}/withdraw');
  const path = { adjustment: id };
  return (
    <Decide
      maker={proposedBy}
      withdraw={{
        label: t('withdraw'),
        title: t('withdraw.title'),
        consequence: t('withdraw.text'),
        act: () => withdraw.mutateAsync({ path }),
        done: t('withdrawn'),
      }}
      approve={{
        label: t('approve'),
        title: t('approve.title'),
        consequence: t(kind === 'shortfall_correction' ? 'approve.text.shortfall' : 'approve.text'),
        act: () => approve.mutateAsync({ path }),
        done: t('approved'),
      }}
    />
  );
}
