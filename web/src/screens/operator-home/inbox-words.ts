/** What waits for the market's people, in words. Who made the first of two steps reads that another person is needed. */
import type { InboxItem } from '../../../../shared/inbox/inbox.ts';
import { elsewhere } from '../../app/elsewhere.ts';
import { moneyText } from '../../ui/format.ts';
import { monthText } from '../../ui/months.ts';
import { t } from './messages.en.ts';

type Of<K extends InboxItem['kind']> = Extract<InboxItem, { kind: K }>;
type Said = { text: string; href?: string | undefined };
/** What organisations and queues are called, and in what a queue pays. */
export type Called = {
  queue: (id: string) => string;
  currency: (queue: string) => string;
  organisation: (id: string) => string;
};

const TWICE = [
  'awards_to_release',
  'close_to_approve',
  'adjustment_to_approve',
  'cash_order_to_approve',
  'refund_to_release',
  'write_off_to_approve',
  'reissue_to_approve',
  'account_end_to_approve',
  'provider_debt_to_approve',
  'payout_run_to_approve',
] as const;
type Twice = (typeof TWICE)[number];

export function wordsFor(called: Called): (item: InboxItem) => Said {
  return (item) => {
    switch (item.kind) {
      case 'organisation_to_approve': {
        const { name, organisationKind: kind } = item.facts;
        return {
          text: t(`inbox.organisation_to_approve.${kind}`, { name }),
          href: `/operator/organisations?kind=${kind}`,
        };
      }
      case 'certificate_to_check': {
        const { title, organisation } = item.facts;
        const text = t('inbox.certificate_to_check', { title, name: called.organisation(organisation) });
        return { text, href: '/operator/organisations' };
      }
      case 'flag_to_review': {
        const { queue, round } = item.facts;
        return { text: t('inbox.flag_to_review', { queue: called.queue(queue), round }), href: '/operator/flags' };
      }
      case 'dispute_to_decide': {
        const { dispute, company, provider } = item.facts;
        const names = { company: called.organisation(company), provider: called.organisation(provider) };
        return { text: t('inbox.dispute_to_decide', names), href: elsewhere('/contested/$dispute', { dispute }) };
      }
      case 'close_waits': {
        const { period, waitsFor } = item.facts;
        return { text: t('inbox.close_waits', { month: monthText(period), waitsFor }), href: `/closes/${period}` };
      }
      case 'provider_pay_held': {
        const { provider, reason } = item.facts;
        const text = t('inbox.provider_pay_held', { name: called.organisation(provider), reason });
        return { text, href: '/payout-runs' };
      }
      case 'transaction_unknown': {
        const { micros, currency } = item.facts;
        const text = t('inbox.transaction_unknown', { money: moneyText(micros, currency) });
        return { text, href: '/cash-orders' };
      }
      case 'books_differ': {
        const { reconciliation, day } = item.facts;
        return {
          text: t('inbox.books_differ', { day }),
          href: `/reconciliations/${encodeURIComponent(reconciliation)}`,
        };
      }
      default:
        return isTwice(item) ? ofTwo(item, called) : { text: item.kind.replaceAll('_', ' ') };
    }
  };
}

const isTwice = (item: InboxItem): item is Of<Twice> => (TWICE as readonly string[]).includes(item.kind);

/** What takes two people. */
function ofTwo(item: Of<Twice>, called: Called): Said {
  const said = (values: Record<string, string | number>, href: string | undefined): Said => ({
    text: t(item.needsAnother ? `inbox.${item.kind}.another` : `inbox.${item.kind}`, values),
    href,
  });
  switch (item.kind) {
    case 'awards_to_release': {
      const { queue, round, billingsMicros } = item.facts;
      const money = moneyText(billingsMicros, called.currency(queue));
      return said({ queue: called.queue(queue), round, money }, '/operator/rounds');
    }
    case 'close_to_approve': {
      const { period, invoices } = item.facts;
      return said({ month: monthText(period), count: invoices }, `/closes/${period}`);
    }
    case 'adjustment_to_approve':
      return said({ currency: item.facts.currency }, `/adjustments/${item.facts.adjustment}`);
    case 'cash_order_to_approve': {
      const { order, orderKind, currency } = item.facts;
      return said({ currency, what: t(`order.${orderKind}`) }, `/cash-orders/${order}`);
    }
    case 'refund_to_release': {
      const { company, micros, currency } = item.facts;
      const money = moneyText(micros, currency);
      return said({ money, name: called.organisation(company) }, '/refunds');
    }
    case 'write_off_to_approve': {
      const { invoice, number, company, micros, currency } = item.facts;
      const values = {
        money: moneyText(micros, currency),
        number: number ?? invoice,
        name: called.organisation(company),
      };
      return said(values, `/invoices/${invoice}`);
    }
    case 'reissue_to_approve': {
      const { invoice, company, period } = item.facts;
      return said({ month: monthText(period), name: called.organisation(company) }, `/invoices/${invoice}`);
    }
    case 'account_end_to_approve': {
      const { company } = item.facts;
      return said({ name: called.organisation(company) }, `/companies/${company}`);
    }
    case 'provider_debt_to_approve': {
      const { provider, micros, currency } = item.facts;
      const values = { money: moneyText(micros, currency), name: called.organisation(provider) };
      return said(values, '/provider-debts');
    }
    case 'payout_run_to_approve': {
      const { run, totals } = item.facts;
      const money = totals.map(({ amountMicros, currency }) => moneyText(amountMicros, currency)).join(', ');
      return said({ run, money }, `/payout-runs/${run}`);
    }
  }
}
