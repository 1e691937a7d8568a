/** The evidence of a dispute: what the receipt says, and the turns. */
import { Badge, Group } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Evidence } from '../../../../shared/dispute/evidence.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { OrganisationName } from '../../ui/names.tsx';
import { QueryState } from '../../ui/states.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { Count, None, When } from '../../ui/values.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { Section } from '../finance-parts/section.tsx';
import { outcomeText } from '../receipt-parts/outcome.ts';
import { LEASE_STATES } from '../turn-parts/lease-state.ts';
import { t } from './messages.en.ts';

export function DisputeEvidence({ of }: { of: UseQueryResult<Evidence> }) {
  return (
    <Section title={t('evidence.title')} lead={t('evidence.lead')}>
      <QueryState of={of}>
        {(evidence) => (
          <>
            <Given evidence={evidence} />
            <h3>{t('evidence.turns')}</h3>
            <Turns turns={evidence.turns} />
          </>
        )}
      </QueryState>
    </Section>
  );
}

function Given({ evidence: { receipt, wasLate, reopens } }: { evidence: Evidence }) {
  return (
    <Facts>
      <Fact name={t('evidence.outcome')}>{outcomeText(receipt.claim.outcome)}</Fact>
      <Fact name={t('evidence.claimedAt')}>
        <When iso={receipt.claim.claimedAt} show="absolute" />
      </Fact>
      <Fact name={t('evidence.resolvedAt')}>
        <When iso={receipt.claim.resolvedAt} show="absolute" />
      </Fact>
      <Fact name={t('evidence.deadline')}>
        <When iso={receipt.claim.deadline} show="absolute" />
      </Fact>
      <Fact name={t('evidence.late')}>{t(wasLate ? 'evidence.late.yes' : 'evidence.late.no')}</Fact>
      <Fact name={t('evidence.confirmation')}>
        <Confirmation of={receipt.confirmation} />
      </Fact>
      <Fact name={t('evidence.reopens')}>
        {reopens === 0 ? t('evidence.never') : t('evidence.reopens.count', { count: reopens })}
      </Fact>
      <Fact name={t('evidence.terms')}>{t('evidence.version', { version: receipt.termsVersion })}</Fact>
    </Facts>
  );
}

/** `confirmed by the customer, 3 Jan`. */
export function Confirmation({ of: { kind, by, at } }: { of: Evidence['receipt']['confirmation'] }) {
  return (
    <>
      {t(`confirmation.${kind}`)}
      {by !== null && kind === 'confirmed' && ` ${t(`confirmation.${by}`)}`}, <When iso={at} show="absolute" />
    </>
  );
}

type Turn = Evidence['turns'][number];
const columns: readonly Column<Turn>[] = [
  {
    key: 'provider',
    header: t('turn.provider'),
    cell: ({ provider, isDisputed }) => (
      <Group gap="xs">
        {provider === null ? t('turn.another') : <OrganisationName id={provider} />}
        {isDisputed && <Badge>{t('turn.disputed')}</Badge>}
      </Group>
    ),
  },
  { key: 'state', header: t('turn.state'), cell: ({ state }) => <StatusBadge state={state} states={LEASE_STATES} /> },
  { key: 'summary', header: t('turn.summary'), cell: ({ summary, reason }) => summary ?? reason ?? <None /> },
  { key: 'stars', header: t('turn.stars'), isNumber: true, cell: ({ stars }) => <Count value={stars} /> },
  {
    key: 'resolved',
    header: t('turn.resolved'),
    isNumber: true,
    cell: ({ resolvedAt }) => <When iso={resolvedAt} show="absolute" />,
  },
];

const Turns = ({ turns }: { turns: readonly Turn[] }) => (
  <DataTable caption={t('evidence.turns')} columns={columns} rows={turns} rowKey={({ lease }) => lease} />
);
