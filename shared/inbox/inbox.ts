/**
 * What waits for somebody: one item per thing, worked out from what stands, with nothing kept of its own. Texts are the
 * reader's: an item has a kind, by which a sentence is found, and the facts that the sentence names.
 */
import * as z from 'zod';
import { PauseReason } from '../budget/pause.ts';
import { CloseStep } from '../close/close.ts';
import type { Member, Role, Scope } from '../identity/identity.ts';
import { IncidentId } from '../incident/incident-id.ts';
import { timeKey } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { fromIso, Instant } from '../kernel/time.ts';
import { ScreenName } from '../screen/screen.ts';
import { DisabledReason } from '../webhook/webhook.ts';

const Micros = z.int().meta({ description: 'In micro-units' });
const money = { currency: Currency, micros: Micros };

/** What each kind of item says of its subject. */
const FACTS = {
  // Companies.
  dispute_offer: z.object({ dispute: z.string(), ...money }),
  invoice_due: z.object({ invoice: z.string(), number: z.string().nullable(), period: z.string(), ...money }),
  requests_paused: z.object({ reasons: z.array(PauseReason) }),
  budget_used: z.object({ month: z.string(), currency: Currency, percent: z.int(), capMicros: Micros }),
  commitment_missing: z.object({ queue: z.string(), round: z.int(), committedIn: z.int() }),
  incident_proposed: z.object({ incident: IncidentId, queue: z.string(), seen: z.int() }),
  messages_refused: z.object({ connector: z.string(), name: z.string() }),
  // Providers.
  dispute_to_answer: z.object({ dispute: z.string(), ...money }),
  bid_missing: z.object({ queue: z.string(), round: z.int(), bidIn: z.int() }),
  turn_due: z.object({ lease: z.string(), queue: z.string(), leaseUntil: Instant }),
  payout_account_needs: z.object({ needs: z.array(z.string()) }),
  bank_refused: z.object({ reason: z.string(), ...money }),
  pay_held: z.object({}),
  // Companies and providers.
  webhook_off: z.object({ webhook: z.string(), description: z.string(), because: DisabledReason }),
  certificate_rejected: z.object({ certificate: z.string(), title: z.string(), note: z.string() }),
  certificate_ends: z.object({ certificate: z.string(), title: z.string() }),
  // The market.
  dispute_to_decide: z.object({ dispute: z.string(), company: z.string(), provider: z.string(), currency: Currency }),
  organisation_to_approve: z.object({
    organisation: z.string(),
    name: z.string(),
    organisationKind: z.enum(['company', 'provider']),
  }),
  certificate_to_check: z.object({ certificate: z.string(), organisation: z.string(), title: z.string() }),
  awards_to_release: z.object({ queue: z.string(), round: z.int(), billingsMicros: Micros }),
  flag_to_review: z.object({ flag: z.string(), queue: z.string(), round: z.int(), screen: ScreenName }),
  close_to_approve: z.object({ period: z.string(), invoices: z.int() }),
  close_waits: z.object({ period: z.string(), step: CloseStep, waitsFor: z.string() }),
  adjustment_to_approve: z.object({ adjustment: z.string(), currency: Currency }),
  cash_order_to_approve: z.object({
    order: z.string(),
    orderKind: z.enum(['outside_payment', 'bank_payout', 'explanation']),
    currency: Currency,
  }),
  refund_to_release: z.object({ refund: z.string(), company: z.string(), ...money }),
  write_off_to_approve: z.object({ invoice: z.string(), number: z.string().nullable(), company: z.string(), ...money }),
  reissue_to_approve: z.object({ invoice: z.string(), company: z.string(), period: z.string(), currency: Currency }),
  account_end_to_approve: z.object({ company: z.string() }),
  provider_debt_to_approve: z.object({ debt: z.string(), provider: z.string(), ...money }),
  payout_run_to_approve: z.object({
    run: z.string(),
    totals: z.array(z.object({ currency: Currency, payouts: z.int(), amountMicros: Micros })),
  }),
  provider_pay_held: z.object({ provider: z.string(), reason: z.string() }),
  transaction_unknown: z.object({ transaction: z.string(), ...money }),
  books_differ: z.object({ reconciliation: z.string(), day: z.string(), serious: z.int(), stopsClose: z.boolean() }),
} as const;
export type InboxKind = keyof typeof FACTS;
export const INBOX_KINDS = Object.keys(FACTS) as [InboxKind, ...InboxKind[]];

const COMMON = {
  id: z.string().meta({ description: 'The same as long as the same thing waits' }),
  deadline: Instant.nullable().meta({ description: 'Until when; null where nothing happens by itself' }),
  since: Instant.nullable().meta({ description: 'Since when it waits; null where only its deadline is known' }),
  needsAnother: z.boolean().meta({
    description: 'It takes a second person, and the one who reads this is the first: others have it without this mark',
  }),
};
const itemOf = (kind: InboxKind) => z.object({ kind: z.literal(kind), ...COMMON, facts: FACTS[kind] });
type Common = { id: string; deadline: string | null; since: string | null; needsAnother: boolean };
export type InboxItem = {
  [K in InboxKind]: Common & { kind: K; facts: z.infer<(typeof FACTS)[K]> };
}[InboxKind];
type ItemSchema = ReturnType<typeof itemOf>;

export const InboxItem = z
  .discriminatedUnion('kind', INBOX_KINDS.map(itemOf) as [ItemSchema, ...ItemSchema[]])
  .meta({ id: 'InboxItem' }) as unknown as z.ZodType<InboxItem>;

/** What one source found: `isWhole` is false where it looked at no more, and there may be others. */
export type Found = { items: InboxItem[]; isWhole: boolean };

/** Who a source is for: any of the roles, by a key that has the scope. */
export type Readers = { roles: readonly Role[]; scope: Scope };

export const mayRead = (readers: Readers, { roles, scopes }: Pick<Member, 'roles' | 'scopes'>): boolean =>
  readers.roles.some((role) => roles.includes(role)) && (scopes === 'all' || scopes.includes(readers.scope));

/** An item's name and times; the rest comes with its kind. */
export function waiting(
  id: string,
  times: { deadline?: string | null; since?: string | null },
  needsAnother = false,
): Common {
  return { id, deadline: times.deadline ?? null, since: times.since ?? null, needsAnother };
}

/** Items in order: by deadline, and what has none by the time since which it waits; then by id. */
export const orderOf = (item: InboxItem): string =>
  `${timeKey(fromIso(item.deadline ?? item.since ?? '1970-01-01T00:00:00.000Z'))}#${item.id}`;

/** The page of items behind `after`, which is what the page before gave; undefined where it is the last. */
export function pageOfItems(
  items: readonly InboxItem[],
  limit: number,
  after: string | undefined,
): { items: InboxItem[]; after: string | undefined } {
  const sorted = items
    .map((item) => ({ item, order: orderOf(item) }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
    .filter(({ order }) => after === undefined || order > after);
  const page = sorted.slice(0, limit);
  return { items: page.map(({ item }) => item), after: sorted.length > limit ? page.at(-1)?.order : undefined };
}
