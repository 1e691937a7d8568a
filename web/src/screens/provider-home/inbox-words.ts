/** What waits for a provider, in words. */

import { elsewhere } from '../../app/elsewhere.ts';
import { moneyText } from '../../ui/format.ts';
import type { InboxWords } from '../waiting/inbox.tsx';
import { t } from './messages.en.ts';

/** An item in words, and where it is dealt with. Kinds of other parties never reach a provider. */
export const inboxWords: InboxWords = (item, nameOf) => {
  switch (item.kind) {
    case 'dispute_to_answer': {
      const { dispute, micros, currency } = item.facts;
      const text = t('inbox.dispute_to_answer', { money: moneyText(micros, currency) });
      return { text, href: elsewhere('/disputes/$dispute', { dispute }) };
    }
    case 'bid_missing': {
      const { queue, round } = item.facts;
      return { text: t('inbox.bid_missing', { queue: nameOf(queue), round }), href: `/bids/${queue}/${round}` };
    }
    case 'turn_due': {
      const { lease, queue } = item.facts;
      return { text: t('inbox.turn_due', { queue: nameOf(queue) }), href: `/desk?turn=${lease}` };
    }
    case 'payout_account_needs':
      return { text: t('inbox.payout_account_needs'), href: '/payout-profile' };
    case 'bank_refused': {
      const { micros, currency, reason } = item.facts;
      const text = t('inbox.bank_refused', { money: moneyText(micros, currency), reason });
      return { text, href: '/payout-profile' };
    }
    case 'pay_held':
      return { text: t('inbox.pay_held'), href: elsewhere('/payouts') };
    case 'webhook_off': {
      const { webhook, description } = item.facts;
      return { text: t('inbox.webhook_off', { name: description }), href: `/webhooks/${webhook}` };
    }
    case 'certificate_rejected': {
      const { title, note } = item.facts;
      return { text: t('inbox.certificate_rejected', { title, note }), href: elsewhere('/certificates') };
    }
    case 'certificate_ends':
      return { text: t('inbox.certificate_ends', { title: item.facts.title }), href: elsewhere('/certificates') };
    default:
      return { text: item.kind.replaceAll('_', ' ') };
  }
};
