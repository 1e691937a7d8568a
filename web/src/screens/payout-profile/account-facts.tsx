/** How a provider's account at Stripe stands, for itself and for the market. */
import type { ReactNode } from 'react';
import type { AccountStatus, PayoutAccount } from '../../../../shared/payout/account.ts';
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx';
import { Money, When } from '../../ui/values.tsx';
import { Fact, Facts } from '../finance-parts/facts.tsx';
import { t } from './messages.en.ts';

const STATES: Readonly<Record<AccountStatus, { text: string; tone: Tone }>> = {
  none: { text: t('status.none'), tone: 'neutral' },
  incomplete: { text: t('status.incomplete'), tone: 'warning' },
  pending: { text: t('status.pending'), tone: 'info' },
  active: { text: t('status.active'), tone: 'good' },
  closed: { text: t('status.closed'), tone: 'bad' },
};
/** As Stripe names where a payment to a bank stands. */
const BANK: Readonly<Record<string, string>> = {
  pending: t('bank.pending'),
  in_transit: t('bank.in_transit'),
  paid: t('bank.paid'),
  failed: t('bank.failed'),
  canceled: t('bank.canceled'),
};

export const AccountState = ({ of }: { of: PayoutAccount }) => <StatusBadge state={of.status} states={STATES} />;

export const AccountFacts = ({ of, children }: { of: PayoutAccount; children?: ReactNode }) => (
  <Facts>
    {children}
    <Fact name={t('checked')}>{of.checkedAt === null ? t('never') : <When iso={of.checkedAt} show="absolute" />}</Fact>
    <Fact name={t('schedule')}>{of.schedule}</Fact>
    {of.bank !== null && (
      <Fact name={t('bank')}>
        <Money micros={of.bank.micros} currency={of.bank.currency} />, {BANK[of.bank.state] ?? of.bank.state},{' '}
        <When iso={of.bank.arrivesAt} show="date" />
        {of.bank.failure !== null && ` (${of.bank.failure})`}
      </Fact>
    )}
  </Facts>
);
