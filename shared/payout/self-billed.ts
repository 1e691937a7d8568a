/** Self-billed invoices to the market in a provider's name, and their credit notes: amounts, tax and wording. */
import * as z from 'zod';
import { Address, TaxId } from '../billing-profile/billing-profile.ts';
import { OrganisationId } from '../kernel/id.ts';
import { asMicros, Currency, MICROS_PER_CENT, mulDivFloor, wholeCents } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';
import type { EntryView } from '../ledger/ledger.ts';
import { type PayoutProfile, VatRegime } from './account.ts';
import { roleOf } from './payable.ts';

export const SelfBilledLine = z
  .object({
    kind: z.enum(['confirmed', 'assumed', 'shared', 'sla_credit', 'shortfall', 'adjustment', 'rounding']),
    queue: z.string().nullable(),
    quantity: z.int().min(0),
    micros: z.int(),
  })
  .meta({ id: 'SelfBilledLine' });
export type SelfBilledLine = z.infer<typeof SelfBilledLine>;

export const SelfBilledInvoice = z
  .object({
    id: z.string().meta({ description: 'provider.currency.month.kind' }),
    kind: z.enum(['invoice', 'credit_note']),
    number: z.string().meta({ description: 'Its legal number; each kind counts on without gaps' }),
    provider: OrganisationId,
    currency: Currency,
    period: z.string(),
    issuedAt: Instant,
    supplier: z.object({ legalName: z.string(), address: Address, taxId: TaxId.nullable() }),
    vatRegime: VatRegime,
    vatRateBps: z.int(),
    netMicros: z.int().min(0).meta({ description: 'The sum of its lines: whole cents' }),
    taxMicros: z.int().min(0),
    totalMicros: z.int().min(0),
    notes: z.array(z.string()).meta({ description: 'What the law asks to be said on it' }),
    lines: z.array(SelfBilledLine),
  })
  .meta({ id: 'SelfBilledInvoice' });
export type SelfBilledInvoice = z.infer<typeof SelfBilledInvoice>;
export type DocumentKind = SelfBilledInvoice['kind'];

/** What a month adds to a provider's documents: sums by kind and queue, however many charges there are. */
export type Billed = Record<DocumentKind, Map<string, SelfBilledLine>>;
export const nothingBilled = (): Billed => ({ invoice: new Map(), credit_note: new Map() });

/**
 * Adds an entry to a provider's documents. What it has earned in the month is invoiced; what was taken back of earlier
 * earnings for good, by a dispute or an SLA credit, is credited. What is only held, paid, failed or given up is on neither.
 */
export function addToDocuments(billed: Billed, entry: EntryView, provider: string): void {
  if (NO_SUPPLY.includes(entry.kind)) return;
  const micros = entry.legs.reduce(
    (sum, leg) => (leg.of === provider && (leg.account === '2100' || leg.account === '2110') ? sum - leg.micros : sum),
    0,
  );
  if (micros === 0) return;
  const isEarning = roleOf(entry.event) !== 'adjustment';
  const document = billed[isEarning || micros > 0 ? 'invoice' : 'credit_note'];
  const kind = isEarning ? kindOf(entry) : 'adjustment';
  const queue = typeof entry.facts.queue === 'string' ? entry.facts.queue : null;
  const key = `${kind}#${queue ?? ''}`;
  const line = document.get(key) ?? { kind, queue, quantity: 0, micros: 0 };
  const amount = document === billed.invoice ? micros : -micros;
  document.set(key, { ...line, quantity: line.quantity + 1, micros: asMicros(line.micros + amount) });
}

/** Entries that move what is owed, and are no supply of the provider's. */
const NO_SUPPLY: readonly EntryView['kind'][] = [
  'payout',
  'payout_failed',
  'transfer_reversed',
  'debt_given_up',
  'provider_tax',
];

function kindOf(entry: EntryView): SelfBilledLine['kind'] {
  if (entry.kind === 'split') return 'shared';
  if (entry.kind === 'sla_credit') return 'sla_credit';
  if (entry.kind === 'shortfall') return 'shortfall';
  return entry.facts.outcome === 'assumed' ? 'assumed' : 'confirmed';
}

export type Drawn = { lines: SelfBilledLine[]; netMicros: number; taxMicros: number; carryMicros: number };

/**
 * A document's amounts: its lines and what the one before left over, in whole cents; the rest carries over. The tax is the
 * rate on the net, rounded half up to a cent. Null where there is less than a cent; a net below nothing carries over too.
 */
export function draw(
  lines: readonly SelfBilledLine[],
  carriedInMicros: number,
  profile: Pick<PayoutProfile, 'vatRegime' | 'vatRateBps'>,
): Drawn | { lines: null; carryMicros: number } {
  const exact = asMicros(lines.reduce((sum, line) => sum + line.micros, carriedInMicros));
  const netMicros = wholeCents(exact);
  if (netMicros <= 0) return { lines: null, carryMicros: exact };
  const shown = [...lines].sort((a, b) => (`${a.queue}#${a.kind}` < `${b.queue}#${b.kind}` ? -1 : 1));
  const rounding = asMicros(netMicros - (exact - carriedInMicros));
  const all: SelfBilledLine[] =
    rounding === 0 ? shown : [...shown, { kind: 'rounding', queue: null, quantity: 0, micros: rounding }];
  const rate = profile.vatRegime === 'domestic' ? profile.vatRateBps : 0;
  // Half a cent added before the floor: round half up.
  const taxMicros = wholeCents(mulDivFloor(netMicros, rate, 10_000) + MICROS_PER_CENT / 2);
  return { lines: all, netMicros, taxMicros, carryMicros: asMicros(exact - netMicros) };
}

/** What has to be said on a self-billed document (Directive 2006/112/EC, article 226, points 10a, 11 and 11a). */
export function notesFor(regime: VatRegime, kind: DocumentKind): string[] {
  const selfBilling = kind === 'invoice' ? 'Self-billing' : 'Self-billing: credit note';
  switch (regime) {
    case 'reverse_charge':
      return [selfBilling, 'Reverse charge: the customer owes the tax'];
    case 'small_business':
      return [selfBilling, 'No tax is charged: the supplier is exempt as a small business'];
    case 'none':
    case 'domestic':
      return [selfBilling];
  }
}

/** A legal number: the kind's letters, the provider, and its place in that provider's series. */
export const numberOf = (kind: DocumentKind, provider: string, place: number): string =>
  `${kind === 'invoice' ? 'SB' : 'SC'}-${provider.slice(3).toUpperCase()}-${place.toString().padStart(5, '0')}`;
