import { expect, it } from 'vitest';
import type { InboxItem } from '../../../../shared/inbox/inbox.ts';
import { screens } from '../../app/screens.ts';
import { inboxWords } from './inbox-words.ts';

/** What reaches a company, see `shared/inbox/README.md`. */
const FACTS: Partial<Record<InboxItem['kind'], object>> = {
  dispute_offer: { dispute: 'd1', currency: 'USD', micros: 1_000_000 },
  invoice_due: { invoice: 'i1', number: 'N-1', period: '2026-05', currency: 'USD', micros: 2_000_000 },
  requests_paused: { reasons: ['credit_limit'] },
  budget_used: { month: '2026-05', currency: 'USD', percent: 80, capMicros: 5_000_000 },
  commitment_missing: { queue: 'web', round: 3, committedIn: 2 },
  messages_refused: { connector: 'cn_1', name: 'Shop' },
  incident_proposed: { incident: 'in_1', queue: 'web', seen: 12 },
  webhook_off: { webhook: 'wh_1', description: 'CRM', because: 'gone' },
  certificate_rejected: { certificate: 'c1', title: 'ISO', note: 'Unreadable' },
  certificate_ends: { certificate: 'c1', title: 'ISO' },
};

it('what waits for a company is said in words of its own, and leads to a screen that there is', () => {
  for (const [kind, facts] of Object.entries(FACTS)) {
    const item = { kind, id: kind, deadline: null, since: null, needsAnother: false, facts } as unknown as InboxItem;
    const { text, href } = inboxWords(item, () => 'Web');
    expect(text).not.toBe(kind.replaceAll('_', ' '));
    expect(text).not.toMatch(/[{}]|undefined/);
    const path = href?.split('?')[0] ?? '';
    const fits = screens.some((screen) => new RegExp(`^${screen.path.replaceAll(/\$\w+/g, '[^/]+')}$`).test(path));
    expect(fits, `${kind}: ${path}`).toBe(true);
  }
});
