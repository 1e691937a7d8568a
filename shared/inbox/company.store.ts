/** What waits for a company. */
import { viewBudgets } from '../budget/budget.store.ts';
import { readPause } from '../budget/pause.store.ts';
import { firstErrorAt, listConnectors } from '../connector/connector.store.ts';
import { listDisputes } from '../dispute/dispute.store.ts';
import type { Dispute } from '../dispute/dispute.ts';
import { viewOf } from '../dispute/dispute-view.ts';
import { listIncidents } from '../incident/incident.store.ts';
import { listInvoices } from '../invoice/invoice.store.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type { Call } from '../kernel/call.ts';
import { iso } from '../kernel/time.ts';
import { type Found, type InboxItem, waiting } from './inbox.ts';
import { missingIn } from './missing.store.ts';
import { among, bounded, type Source } from './source.ts';

/** A proposal that is older than so many others is found in the list of incidents alone. */
const INCIDENTS = 20;
const FINANCE = { roles: ['company.admin', 'company.finance'], scope: 'finance:read' } as const;

/** The provider offers a part of what is claimed: it is taken, or the operator decides. */
function offerOf(dispute: Dispute, now: number): InboxItem | undefined {
  const { state, clock, amounts, answer, currency, id } = viewOf(dispute, 'company', now);
  const offered = amounts[0]?.offeredMicros ?? null;
  if (state !== 'contested' || offered === null) return undefined;
  const times = { deadline: clock?.until ?? null, since: answer?.at ?? null };
  return {
    kind: 'dispute_offer',
    ...waiting(`dispute_offer:${id}`, times),
    facts: { dispute: id, currency, micros: offered },
  };
}

function dueOf(invoice: Invoice): InboxItem | undefined {
  const { id, number, period, currency, remainingMicros: micros } = invoice;
  if (invoice.state !== 'open' || micros <= 0) return undefined;
  const times = { deadline: invoice.dueAt, since: invoice.finalizedAt };
  return {
    kind: 'invoice_due',
    ...waiting(`invoice_due:${id}`, times),
    facts: { invoice: id, number, period, currency, micros },
  };
}

async function paused(call: Call, company: string): Promise<Found> {
  const pause = await readPause(call, company);
  if (pause === undefined) return bounded([]);
  const { reasons, since } = pause;
  return bounded([{ kind: 'requests_paused', ...waiting('requests_paused', { since }), facts: { reasons } }]);
}

/** Of each cap the highest alert of this month that was told at the cap as it is now. */
async function budgetUsed(call: Call, company: string): Promise<Found> {
  const budgets = await viewBudgets(call, company);
  const items = budgets.flatMap(({ currency, month, capMicros, alerts }): InboxItem[] => {
    const told = alerts.filter((alert) => alert.capMicros === capMicros).sort((a, b) => b.percent - a.percent)[0];
    if (told === undefined) return [];
    const { percent, at: since } = told;
    const id = `budget_used:${month}.${currency}.${percent}`;
    return [
      {
        kind: 'budget_used',
        ...waiting(id, { since }),
        facts: { month, currency, percent, capMicros: told.capMicros },
      },
    ];
  });
  return bounded(items);
}

async function commitmentMissing(call: Call, company: string): Promise<Found> {
  const missing = await missingIn(call, company, 'C#');
  const items = missing.map(({ open, last }): InboxItem => {
    const { queue, round } = open;
    const times = { deadline: iso(open.closesAt) };
    const id = `commitment_missing:${queue}.${round}`;
    return { kind: 'commitment_missing', ...waiting(id, times), facts: { queue, round, committedIn: last } };
  });
  return bounded(items);
}

/** Of the newest incidents those that nobody has said anything about yet. */
async function incidentsProposed(call: Call, company: string): Promise<Found> {
  const { items } = await listIncidents(call, company, { limit: INCIDENTS });
  const proposed = items.flatMap(({ id, state, queues, spike, since }): InboxItem[] => {
    const [queue] = queues;
    if (state !== 'proposed' || spike === null || queue === undefined) return [];
    const facts = { incident: id, queue, seen: spike.seen };
    return [{ kind: 'incident_proposed', ...waiting(`incident_proposed:${id}`, { since: iso(since) }), facts }];
  });
  return bounded(proposed);
}

async function messagesRefused(call: Call, company: string): Promise<Found> {
  const items: InboxItem[] = [];
  for (const { id, config } of await listConnectors(call, company)) {
    const at = await firstErrorAt(call, id);
    if (at === undefined) continue;
    const facts = { connector: id, name: config.name };
    items.push({ kind: 'messages_refused', ...waiting(`messages_refused:${id}`, { since: iso(at) }), facts });
  }
  return bounded(items);
}

export const COMPANY_SOURCES: readonly Source[] = [
  {
    ...FINANCE,
    read: (call, { tenant }) =>
      among(
        (page) => listDisputes(call, tenant, page),
        (dispute) => offerOf(dispute, call.now),
      ),
  },
  { ...FINANCE, read: (call, { tenant }) => among((page) => listInvoices(call, tenant, page), dueOf) },
  {
    roles: ['company.admin', 'company.operator', 'company.finance'],
    scope: 'requests:read',
    read: (call, { tenant }) => paused(call, tenant),
  },
  { ...FINANCE, read: (call, { tenant }) => budgetUsed(call, tenant) },
  {
    roles: ['company.admin'],
    scope: 'demand:read',
    read: (call, { tenant }) => commitmentMissing(call, tenant),
  },
  {
    roles: ['company.admin', 'company.operator'],
    scope: 'requests:read',
    read: (call, { tenant }) => messagesRefused(call, tenant),
  },
  {
    roles: ['company.admin', 'company.operator'],
    scope: 'requests:read',
    read: (call, { tenant }) => incidentsProposed(call, tenant),
  },
];
