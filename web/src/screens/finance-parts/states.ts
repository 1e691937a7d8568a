/** Where things of money stand, in people's words. */
import type { DisputeState } from '../../../../shared/dispute/dispute.ts';
import type { InvoiceState } from '../../../../shared/invoice/invoice.ts';
import type { PayoutState } from '../../../../shared/payout/payout.ts';
import type { Tone } from '../../ui/status-badge.tsx';

type States<S extends string> = Readonly<Record<S, { text: string; tone: Tone }>>;

export const INVOICE_STATES: States<InvoiceState> = {
  planned: { text: 'Planned', tone: 'neutral' },
  draft: { text: 'Draft', tone: 'neutral' },
  open: { text: 'Open', tone: 'info' },
  paid: { text: 'Paid', tone: 'good' },
  uncollectible: { text: 'Written off', tone: 'bad' },
  void: { text: 'Void', tone: 'neutral' },
  dropped: { text: 'Taken back', tone: 'neutral' },
};

export const DISPUTE_STATES: States<DisputeState> = {
  open: { text: 'Open', tone: 'info' },
  contested: { text: 'Contested', tone: 'warning' },
  agreed: { text: 'Agreed', tone: 'good' },
  accepted: { text: 'Accepted', tone: 'good' },
  partly_accepted: { text: 'Accepted in part', tone: 'good' },
  rejected: { text: 'Rejected', tone: 'bad' },
  withdrawn: { text: 'Withdrawn', tone: 'neutral' },
};
/** States of a dispute in which something can still happen. */
export const OPEN_DISPUTES: readonly DisputeState[] = ['open', 'contested', 'agreed'];

export const PAYOUT_STATES: States<PayoutState> = {
  preparing: { text: 'In preparation', tone: 'neutral' },
  intended: { text: 'On its way', tone: 'info' },
  waiting: { text: 'Waits', tone: 'warning' },
  paid: { text: 'Paid', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
};

export const CHARGE_OUTCOMES = {
  confirmed: { text: 'Confirmed', tone: 'good' },
  assumed: { text: 'Assumed', tone: 'neutral' },
} as const satisfies States<'confirmed' | 'assumed'>;
