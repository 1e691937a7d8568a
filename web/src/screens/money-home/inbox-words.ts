/** What waits for the market's people, in words. */
import type { InboxItem } from '../../../../shared/inbox/inbox.ts';
import { moneyText } from '../../ui/format.ts';
import { elsewhere } from '../company-parts/elsewhere.ts';
import { monthText } from '../finance-parts/months.ts';
import type { InboxWords } from '../waiting/inbox.tsx';
import { t } from './messages.en.ts';

type Said = { text: string; href?: string | undefined };
const money = ({ micros, currency }: { micros: number; currency: string }): string => moneyText(micros, currency);

/** An item in words, and where it is dealt with; what oneself is the first of two people of says so. */
export const inboxWords: InboxWords = (item, nameOf) => {
  const { text, href } = said(item, nameOf);
  return { text: item.needsAnother ? t('second', { text }) : text, href };
};

function said(item: InboxItem, nameOf: (queue: string) => string): Said {
  switch (item.kind) {
    case 'dispute_to_decide': {
      const { dispute } = item.facts;
      return { text: t('dispute_to_decide', { dispute }), href: `/contested/${dispute}` };
    }
    case 'organisation_to_approve': {
      const { name, organisationKind: kind } = item.facts;
      return { text: t('organisation_to_approve', { name, kind }), href: `/operator/organisations?kind=${kind}` };
    }
    case 'certificate_to_check':
      return { text: t('certificate_to_check', { title: item.facts.title }), href: '/operator/organisations' };
    case 'awards_to_release': {
      const { queue, round, billingsMicros } = item.facts;
      const text = t('awards_to_release', { queue: nameOf(queue), round, money: moneyText(billingsMicros, 'USD') });
      return { text, href: elsewhere('/operator/rounds') };
    }
    case 'flag_to_review': {
      const { queue, round } = item.facts;
      return { text: t('flag_to_review', { queue: nameOf(queue), round }), href: elsewhere('/operator/flags') };
    }
    default:
      return ofBooks(item) ?? ofCash(item) ?? { text: item.kind.replaceAll('_', ' ') };
  }
}

/** The close, the books and invoices. */
function ofBooks(item: InboxItem): Said | undefined {
  switch (item.kind) {
    case 'close_to_approve': {
      const { period, invoices } = item.facts;
      return { text: t('close_to_approve', { month: monthText(period), count: invoices }), href: `/closes/${period}` };
    }
    case 'close_waits': {
      const { period, waitsFor } = item.facts;
      return { text: t('close_waits', { month: monthText(period), waitsFor }), href: `/closes/${period}` };
    }
    case 'adjustment_to_approve': {
      const { adjustment, currency } = item.facts;
      return { text: t('adjustment_to_approve', { currency }), href: `/adjustments/${adjustment}` };
    }
    case 'write_off_to_approve': {
      const { invoice, number } = item.facts;
      const text = t('write_off_to_approve', { money: money(item.facts), number: number ?? invoice });
      return { text, href: `/invoices/${invoice}` };
    }
    case 'reissue_to_approve': {
      const { invoice, period } = item.facts;
      return { text: t('reissue_to_approve', { month: monthText(period) }), href: `/invoices/${invoice}` };
    }
    case 'account_end_to_approve': {
      const { company } = item.facts;
      return { text: t('account_end_to_approve', { company }), href: `/companies/${company}` };
    }
    case 'books_differ': {
      const { reconciliation, day, serious: count, stopsClose } = item.facts;
      const text = t(stopsClose ? 'books_differ.stops' : 'books_differ', { day, count });
      return { text, href: `/reconciliations/${encodeURIComponent(reconciliation)}` };
    }
    default:
      return undefined;
  }
}

/** Money that comes in and goes out. */
function ofCash(item: InboxItem): Said | undefined {
  switch (item.kind) {
    case 'cash_order_to_approve': {
      const { order, orderKind } = item.facts;
      return { text: t(`cash_order_to_approve.${orderKind}`), href: `/cash-orders/${order}` };
    }
    case 'refund_to_release':
      return { text: t('refund_to_release', { money: money(item.facts) }), href: '/refunds' };
    case 'provider_debt_to_approve': {
      const { provider } = item.facts;
      return { text: t('provider_debt_to_approve', { money: money(item.facts), provider }), href: '/provider-debts' };
    }
    case 'payout_run_to_approve': {
      const { run, totals } = item.facts;
      const sums = totals.map(({ amountMicros, currency }) => moneyText(amountMicros, currency)).join(', ');
      const text = sums === '' ? t('payout_run_to_approve.nothing') : t('payout_run_to_approve', { money: sums });
      return { text, href: `/payout-runs/${run}` };
    }
    case 'provider_pay_held': {
      const { provider, reason } = item.facts;
      return { text: t('provider_pay_held', { provider, reason }), href: '/payout-runs' };
    }
    case 'transaction_unknown':
      return { text: t('transaction_unknown', { money: money(item.facts) }), href: '/cash-orders' };
    default:
      return undefined;
  }
}
