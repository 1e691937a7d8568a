/**
 * What the market tells by webhook: one catalogue of event types with the schema of each one's data. Data names things
 * and says where they stand; what a customer said is never in it, one reads that through the API.
 */
import * as z from 'zod';
import { LeaseId, OutcomeCode } from '../dispatch/lease.ts';
import { IncidentId } from '../incident/incident-id.ts';
import { OrganisationId, QueueId, RoundNumber } from '../kernel/id.ts';
import { Currency, PriceMicros } from '../kernel/money.ts';
import { Instant, iso } from '../kernel/time.ts';
import { RequestId } from '../request/request.ts';

const Of = { request: RequestId, queue: QueueId };
const Turn = { lease: LeaseId, ...Of };
const By = z.string().meta({ description: '`customer`, `company` or `market`' });
const OfInvoice = {
  invoice: z.string(),
  number: z.string().nullable().meta({ description: 'The legal number' }),
  period: z.string().meta({ description: 'The UTC month that it bills' }),
  currency: Currency,
  totalMicros: z.int(),
  remainingMicros: z.int().meta({ description: 'What was left to pay' }),
  dueAt: Instant.nullable(),
};
const InRound = { queue: QueueId, round: RoundNumber };

const OfDispute = { dispute: z.string(), ...Of };

type Audience = 'company' | 'provider' | 'both';
type EventSpec = { audience: Audience; summary: string; data: z.ZodObject };

export const EVENTS = {
  'request.accepted': {
    audience: 'company',
    summary: 'A request was taken in, whichever way it came',
    data: z.object({ ...Of, externalId: z.string(), deadline: Instant }),
  },
  'request.resolved': {
    audience: 'company',
    summary: 'A provider claims that the request is resolved',
    data: z.object({ ...Of, provider: OrganisationId, outcome: OutcomeCode, resolvedAt: Instant }),
  },
  'request.confirmed': {
    audience: 'company',
    summary: 'The resolution was confirmed',
    data: z.object({ ...Of, by: By }),
  },
  'request.assumed': {
    audience: 'company',
    summary: 'Nobody has said anything within the silence window: the resolution counts as assumed',
    data: z.object({ ...Of, resolvedAt: Instant }),
  },
  'request.reopened': {
    audience: 'company',
    summary: 'The resolution was refused, or the customer came back: the request is worked again',
    data: z.object({ ...Of, by: By }),
  },
  'request.escalated': {
    audience: 'company',
    summary: 'A provider has handed the request on; somebody else works it',
    data: z.object({ ...Of, provider: OrganisationId }),
  },
  'request.unserved': {
    audience: 'company',
    summary: 'Nobody could serve the request: it is the company’s own again',
    data: z.object({ ...Of, externalId: z.string() }),
  },
  'request.settled': {
    audience: 'company',
    summary: 'The reopen window has passed and the charge is posted',
    data: z.object({ ...Of, outcome: z.enum(['confirmed', 'assumed']), priceMicros: PriceMicros }),
  },
  'incident.proposed': {
    audience: 'company',
    summary: 'More requests of one kind came in within an hour than chance brings: an incident is proposed',
    data: z.object({ incident: IncidentId, queue: QueueId, seen: z.int(), from: Instant }),
  },
  'customer.erased': {
    audience: 'company',
    summary: 'A customer had everything erased that they said; GET /v1/erasures names the requests',
    data: z.object({ customer: z.string().meta({ description: 'Hash of the handle' }), requests: z.int() }),
  },
  'budget.alert': {
    audience: 'company',
    summary: 'The monthly cap is nearly used up, or reached',
    data: z.object({
      month: z.string().meta({ description: 'UTC month, such as 2026-01' }),
      currency: Currency,
      percent: z.int().meta({ description: 'The share of the cap that is used up' }),
      capMicros: z.int(),
    }),
  },
  'invoice.finalized': {
    audience: 'company',
    summary: 'An invoice is final: it can be read, and is to be paid until it is due',
    data: z.object(OfInvoice),
  },
  'invoice.paid': {
    audience: 'company',
    summary: 'Nothing of an invoice is left to pay',
    data: z.object(OfInvoice),
  },
  'invoice.payment_failed': {
    audience: 'company',
    summary: 'An attempt to collect an invoice failed; it is tried again, or can be paid otherwise',
    data: z.object({ ...OfInvoice, attempt: z.int() }),
  },
  'invoice.overdue': {
    audience: 'company',
    summary: 'The due date of an invoice has passed, and something of it is left to pay',
    data: z.object(OfInvoice),
  },
  'invoice.voided': {
    audience: 'company',
    summary: 'An invoice was taken back; what it billed is billed anew',
    data: z.object(OfInvoice),
  },
  'company.paused': {
    audience: 'company',
    summary: 'New requests are held back: an invoice is long overdue, or the credit limit is reached',
    data: z.object({ reasons: z.array(z.enum(['overdue', 'credit_limit'])), detail: z.string() }),
  },
  'company.resumed': {
    audience: 'company',
    summary: 'The pause has ended: what was held back becomes ready',
    data: z.object({ since: Instant.meta({ description: 'When the pause began' }) }),
  },
  'work.available': {
    audience: 'provider',
    summary: 'There is work in one of your lanes: claim it. At most one a lane and minute',
    data: z.object(InRound),
  },
  'lease.lost': {
    audience: 'provider',
    summary: 'The turn has ended without a resolution: the lease ran out, or there was no progress',
    data: z.object({ ...Turn, reason: z.string() }),
  },
  'lease.cancelled': {
    audience: 'provider',
    summary: 'The company took the request back while you held it',
    data: z.object(Turn),
  },
  'lease.confirmed': {
    audience: 'provider',
    summary: 'Your resolution was confirmed',
    data: z.object({ ...Turn, by: By }),
  },
  'lease.reopened': {
    audience: 'provider',
    summary: 'Your resolution was refused: the request is worked again',
    data: z.object({ ...Turn, by: By }),
  },
  'message.created': {
    audience: 'both',
    summary: 'Somebody wrote in the thread of a request',
    data: z.object({
      ...Of,
      message: z.string(),
      from: z.enum(['customer', 'agent', 'program', 'company']),
      lease: LeaseId.optional().meta({ description: 'For the provider who holds the request' }),
    }),
  },
  'award.published': {
    audience: 'both',
    summary: 'A round has begun, and one’s award in it can be read',
    data: z.object(InRound),
  },
  'round.provisional': {
    audience: 'both',
    summary: 'A provisional clearing tells where one stands; it can be read until the hard close',
    data: z.object({ ...InRound, closesAt: Instant }),
  },
  'dispute.opened': {
    audience: 'both',
    summary: 'A company disputes a charge; the provider answers within its days, silence accepts',
    data: z.object({ ...OfDispute, answerBy: Instant }),
  },
  'dispute.answered': {
    audience: 'both',
    summary: 'The provider contests a dispute, or offers a part; the operator decides',
    data: z.object({ ...OfDispute, decideBy: Instant }),
  },
  'dispute.decided': {
    audience: 'both',
    summary: 'A dispute is agreed, accepted, rejected or withdrawn',
    data: z.object({ ...OfDispute, state: z.string(), side: z.string() }),
  },
  'credit_note.created': {
    audience: 'company',
    summary: 'A credit note was made for one of your invoices',
    data: z.object({ creditNote: z.string(), invoice: z.string(), number: z.string().nullable(), currency: Currency }),
  },
  'payout.paid': {
    audience: 'provider',
    summary: 'A payout was made to your account at Stripe; its remittance can be read',
    data: z.object({ payout: z.string(), currency: Currency, amountMicros: z.int() }),
  },
  'payout.failed': {
    audience: 'provider',
    summary: 'Stripe did not take a payout: its amount is payable again',
    data: z.object({ payout: z.string(), currency: Currency, amountMicros: z.int(), reason: z.string() }),
  },
  'self_billed.issued': {
    audience: 'provider',
    summary: 'A self-billed invoice or credit note was issued in your name',
    data: z.object({
      document: z.string(),
      kind: z.enum(['invoice', 'credit_note']),
      number: z.string().meta({ description: 'The legal number' }),
      period: z.string().meta({ description: 'UTC month' }),
      currency: Currency,
      totalMicros: z.int(),
    }),
  },
  'webhook.disabled': {
    audience: 'both',
    summary: 'One of your endpoints was switched off by the market; told to your others',
    data: z.object({ webhook: z.string(), url: z.string(), reason: z.enum(['failing', 'gone']) }),
  },
  'webhook.test': {
    audience: 'both',
    summary: 'Asked for by yourself, to try an endpoint; it goes to that one alone, whatever it subscribes to',
    data: z.object({ webhook: z.string() }),
  },
} as const satisfies Record<string, EventSpec>;

export const EventType = z
  .enum(Object.keys(EVENTS) as [keyof typeof EVENTS, ...(keyof typeof EVENTS)[]])
  .meta({ id: 'WebhookEventType' });
export type EventType = z.infer<typeof EventType>;
export type DataOf<T extends EventType> = z.input<(typeof EVENTS)[T]['data']>;

/**
 * One effect to be told to one organisation. Two announcements are the same event if tenant, type, subject, time and
 * `effect` are: so the time is the effect's own, never that of whoever tells it.
 */
export type Announcement = {
  [T in EventType]: {
    tenant: string;
    type: T;
    /** What it is about: a request, a lease, a queue and round. */
    subject: string;
    /** When it happened, in milliseconds of business time. */
    at: number;
    data: DataOf<T>;
    /** Tells apart what would otherwise be the same, such as two messages of one instant. */
    effect?: string;
  };
}[EventType];

/** The types that an organisation may subscribe to. */
export function typesFor(kind: 'company' | 'provider'): EventType[] {
  return EventType.options.filter((type) => {
    const { audience } = EVENTS[type];
    return audience === 'both' || audience === kind;
  });
}

/** The body of a delivery, as Standard Webhooks lays it out; `sandbox` stands in it only where it is true. */
export function bodyOf(event: Announcement, isSandbox: boolean): string {
  const { type, at, data } = event;
  return JSON.stringify({ type, timestamp: iso(at), data, ...(isSandbox ? { sandbox: true } : {}) });
}

/** What a delivery of one type carries. */
export const bodySchema = (type: EventType) =>
  z.object({
    type: z.literal(type),
    timestamp: Instant.meta({ description: 'When it happened, in the market’s time' }),
    data: EVENTS[type].data,
    sandbox: z.literal(true).optional().meta({ description: 'Only in events of a sandbox' }),
  });
