/** Where things that take two people stand, in people's words. */
import type { AccountEndState } from '../../../../shared/account-end/account-end.ts';
import type { CashOrder } from '../../../../shared/cash/order.ts';
import type { ReissueState } from '../../../../shared/invoice/reissue.ts';
import type { AdjustmentState } from '../../../../shared/ledger/adjustment.ts';
import type { DebtState } from '../../../../shared/payout/debt.ts';
import type { RefundState } from '../../../../shared/refund/refund.ts';
import type { Tone } from '../../ui/status-badge.tsx';
import { t } from './messages.en.ts';

type States<S extends string> = Readonly<Record<S, { text: string; tone: Tone }>>;

export const ADJUSTMENT_STATES: States<AdjustmentState> = {
  proposed: { text: t('adjustment.proposed'), tone: 'warning' },
  approved: { text: t('adjustment.approved'), tone: 'info' },
  posted: { text: t('adjustment.posted'), tone: 'good' },
  withdrawn: { text: t('adjustment.withdrawn'), tone: 'neutral' },
};

export const ORDER_STATES: States<CashOrder['state']> = {
  entered: { text: t('order.entered'), tone: 'warning' },
  approved: { text: t('order.approved'), tone: 'info' },
  done: { text: t('order.done'), tone: 'good' },
  refused: { text: t('order.refused'), tone: 'bad' },
  withdrawn: { text: t('order.withdrawn'), tone: 'neutral' },
};

export const REFUND_STATES: States<RefundState> = {
  asked: { text: t('refund.asked'), tone: 'warning' },
  released: { text: t('refund.released'), tone: 'info' },
  paid: { text: t('refund.paid'), tone: 'good' },
  declined: { text: t('refund.declined'), tone: 'neutral' },
  lapsed: { text: t('refund.lapsed'), tone: 'neutral' },
};

export const DEBT_STATES: States<DebtState> = {
  proposed: { text: t('debt.proposed'), tone: 'warning' },
  approved: { text: t('debt.approved'), tone: 'good' },
  withdrawn: { text: t('debt.withdrawn'), tone: 'neutral' },
};

export const END_STATES: States<AccountEndState> = {
  asked: { text: t('end.asked'), tone: 'warning' },
  approved: { text: t('end.approved'), tone: 'info' },
  done: { text: t('end.done'), tone: 'good' },
  withdrawn: { text: t('end.withdrawn'), tone: 'neutral' },
};

export const REISSUE_STATES: States<ReissueState> = {
  asked: { text: t('reissue.asked'), tone: 'info' },
  planned: { text: t('reissue.planned'), tone: 'warning' },
  approved: { text: t('reissue.approved'), tone: 'info' },
  done: { text: t('reissue.done'), tone: 'good' },
  dropped: { text: t('reissue.dropped'), tone: 'neutral' },
  nothing: { text: t('reissue.nothing'), tone: 'neutral' },
};
