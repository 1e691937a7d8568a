/** One adjustment: what it posts and why, and the decision of a second person. */
import { Group } from '@mantine/core';
import type { Adjustment } from '../../../../shared/ledger/adjustment.ts';
import { useAct, useRead } from '../../api/use-api.ts';
import { usePathParam } from '../../app/navigate.ts';
import { useMay } from '../../auth/session.ts';
import { ConfirmButton } from '../../ui/confirm.tsx';
import { moneyText } from '../../ui/format.ts';
import { PersonName } from '../../ui/names.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { sayDone } from '../../ui/toast.tsx';
import { When } from '../../ui/values.tsx';
import { kindText, movedMicros } from '../adjustments/kinds.ts';
import { t } from '../adjustments/messages.en.ts';
import { EntryLink } from '../finance-parts/entry-link.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { hrefOfLedger } from '../money-parts/hrefs.ts';
import { Legs } from '../money-parts/legs.tsx';
import { SecondPerson } from '../money-parts/second-person.tsx';
import { ADJUSTMENT_STATES } from '../money-parts/states.ts';

/** One that is approved is posted with its credit note, a little later. */
const REFRESH_MS = 10_000;

export default function AdjustmentPage() {
  const adjustment = usePathParam('adjustment');
  const found = useRead('/v1/adjustments/{adjustment}', { path: { adjustment } }, { refreshMs: REFRESH_MS });
  return <QueryState of={found}>{(of) => <One of={of} />}</QueryState>;
}

function One({ of }: { of: Adjustment }) {
  const { kind, state, currency, legs, adjusts, event } = of;
  return (
    <>
      <PageHeader
        title={t('one.title', { kind: kindText(kind), amount: moneyText(movedMicros(of), currency, { exact: true }) })}
        back={{ href: '/adjustments', title: t('title') }}
        status={<StatusBadge state={state} states={ADJUSTMENT_STATES} />}
        actions={state === 'proposed' && <Decide of={of} />}
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
        <Fact name={t('fact.by')}>
          <PersonName id={of.proposedBy} />
        </Fact>
        <Fact name={t('fact.at')}>
          <When iso={of.proposedAt} show="absolute" />
        </Fact>
        {of.decidedBy !== null && (
          <>
            <Fact name={t('fact.decidedBy')}>
              <PersonName id={of.decidedBy} />
            </Fact>
            <Fact name={t('fact.decidedAt')}>
              <When iso={of.decidedAt} show="absolute" />
            </Fact>
          </>
        )}
      </Facts>
      <br />
      <Section title={t(state === 'posted' ? 'legs.posted' : 'legs')} lead={t('legs.lead')}>
        <Legs legs={legs} currency={currency} />
      </Section>
    </>
  );
}

function Decide({ of: { id, proposedBy, kind } }: { of: Adjustment }) {
  const approve = useAct('post', '/v1/adjustments/{adjustment}/approve');
  const withdraw = useAct('post', '/v1/adjustments/{adjustment}/withdraw');
  const path = { adjustment: id };
  return (
    <Group gap="xs">
      {useMay('market.finance') && (
        <ConfirmButton
          label={t('withdraw')}
          variant="default"
          title={t('withdraw.title')}
          consequence={t('withdraw.text')}
          act={async () => {
            await withdraw.mutateAsync({ path });
            sayDone(t('withdrawn'));
          }}
        />
      )}
      <SecondPerson makers={[proposedBy]}>
        <ConfirmButton
          label={t('approve')}
          title={t('approve.title')}
          consequence={t(kind === 'shortfall_correction' ? 'approve.text.shortfall' : 'approve.text')}
          act={async () => {
            await approve.mutateAsync({ path });
            sayDone(t('approved'));
          }}
        />
      </SecondPerson>
    </Group>
  );
}
