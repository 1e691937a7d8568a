/** What waits for a company, in words. */

import { elsewhere } from '../../app/elsewhere.ts';
import { moneyText } from '../../ui/format.ts';
import type { InboxWords } from '../waiting/inbox.tsx';
import { t } from './messages.en.ts';

/** An item in words, and where it is dealt with. Kinds of other parties never reach a company. */
export const inboxWords: InboxWords = (item, nameOf) => {
  const said = (text: string, href?: string) => ({ text, href });
  switch (item.kind) {
    case 'dispute_offer': {
      const { dispute, micros, currency } = item.facts;
      return said(
        t('inbox.dispute_offer', { money: moneyText(micros, currency) }),
        elsewhere('/disputes/$dispute', { dispute }),
      );
    }
    case 'invoice_due': {
      const { invoice, number, micros, currency } = item.facts;
      const money = moneyText(micros, currency);
      return said(
        t('inbox.invoice_due', { number: number ?? '', money }),
        elsewhere('/invoices/$invoice', { invoice }),
      );
    }
    case 'requests_paused':
      return said(
        t('inbox.requests_paused', { reasons: item.facts.reasons.join(', ').replaceAll('_', ' ') }),
        elsewhere('/invoices'),
      );
    case 'budget_used':
      return said(t('inbox.budget_used', { percent: item.facts.percent, month: item.facts.month }), '/budget');
    case 'commitment_missing': {
      const { queue, round } = item.facts;
      return said(t('inbox.commitment_missing', { queue: nameOf(queue), round }), `/demand/new?queue=${queue}`);
    }
    case 'messages_refused':
      return said(
        t('inbox.messages_refused', { name: item.facts.name }),
        elsewhere('/connectors/$connector', { connector: item.facts.connector }),
      );
    case 'incident_proposed': {
      const { incident, queue, seen } = item.facts;
      return said(
        t('inbox.incident_proposed', { seen, queue: nameOf(queue) }),
        elsewhere('/incidents/$incident', { incident }),
      );
    }
    case 'webhook_off':
      return said(
        t('inbox.webhook_off', { name: item.facts.description }),
        elsewhere('/webhooks/$webhook', { webhook: item.facts.webhook }),
      );
    case 'certificate_rejected': {
      const { title, note } = item.facts;
      return said(t('inbox.certificate_rejected', { title, note }), '/certificates');
    }
    case 'certificate_ends':
      return said(t('inbox.certificate_ends', { title: item.facts.title }), '/certificates');
    default:
      return said(item.kind.replaceAll('_', ' '));
  }
};
