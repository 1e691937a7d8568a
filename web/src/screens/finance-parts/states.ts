/** Where things of money stand, in people's words. */
import type { DisputeState } from '../../../../shared/dispute/dispute.ts';
import type { InvoiceState } from '../../../../shared/invoice/invoice.ts';
import type { PayoutState } from '../../../../shared/payout/payout.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './states.messages.en.ts';

type States<S extends string> = Readonly<Record<S, { text: string; tone: Tone }>>;

export const INVOICE_STATES: States<InvoiceState> = {
  planned: { text: t('invoice.planned'), tone: 'neutral' },
  draft: { text: t('invoice.draft'), tone: 'neutral' },
  open: { text: t('invoice.open'), tone: 'info' },
  paid: { text: t('invoice.paid'), tone: 'good' },
  uncollectible: { text: t('invoice.uncollectible'), tone: 'bad' },
  void: { text: t('invoice.void'), tone: 'neutral' },
  dropped: { text: t('invoice.dropped'), tone: 'neutral' },
};

export const DISPUTE_STATES: States<DisputeState> = {
  open: { text: t('dispute.open'), tone: 'info' },
  contested: { text: t('dispute.contested'), tone: 'warning' },
  agreed: { text: t('dispute.agreed'), tone: 'good' },
  accepted: { text: t('dispute.accepted'), tone: 'good' },
  partly_accepted: { text: t('dispute.partly_accepted'), tone: 'good' },
  rejected: { text: t('dispute.rejected'), tone: 'bad' },
  withdrawn: { text: t('dispute.withdrawn'), tone: 'neutral' },
};
/** States of a dispute in which something can still happen. */
export const OPEN_DISPUTES: readonly DisputeState[] = ['open', 'contested', 'agreed'];

export const PAYOUT_STATES: States<PayoutState> = {
  intended: { text: t('payout.intended'), tone: 'info' },
  waiting: { text: t('payout.waiting'), tone: 'warning' },
  paid: { text: t('payout.paid'), tone: 'good' },
  failed: { text: t('payout.failed'), tone: 'bad' },
};

export const CHARGE_OUTCOMES = {
  confirmed: { text: t('outcome.confirmed'), tone: 'good' },
  assumed: { text: t('outcome.assumed'), tone: 'neutral' },
} as const satisfies States<'confirmed' | 'assumed'>;
