/** Append-only double entry in integer micro-units: accounts, entries and the postings of business events. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

/** Every account of the chart: whose it is in each of its balances, and the side on which it normally stands. */
export const ACCOUNTS = {
  '1010': { name: 'bank', of: 'market', side: 'debit' },
  '1020': { name: 'bank in transit', of: 'market', side: 'debit' },
  '1100': { name: 'unbilled', of: 'company', side: 'debit' },
  '1110': { name: 'disputed, not invoiced', of: 'company', side: 'debit' },
  '1200': { name: 'receivable', of: 'invoice', side: 'debit' },
  '1300': { name: 'Stripe pending', of: 'market', side: 'debit' },
  '1310': { name: 'Stripe available', of: 'market', side: 'debit' },
  '1390': { name: 'Stripe clearing', of: 'market', side: 'debit' },
  '1400': { name: 'chargebacks', of: 'market', side: 'debit' },
  '1500': { name: 'input tax', of: 'market', side: 'debit' },
  '2100': { name: 'payable', of: 'provider', side: 'credit' },
  '2105': { name: 'split in transit', of: 'market', side: 'credit' },
  '2110': { name: 'held', of: 'provider', side: 'credit' },
  '2120': { name: 'payout in transit', of: 'provider', side: 'credit' },
  '2200': { name: 'customer credit', of: 'company', side: 'credit' },
  '2300': { name: 'fee held', of: 'market', side: 'credit' },
  '2400': { name: 'pool', of: 'pool', side: 'credit' },
  '2410': { name: 'pool carried', of: 'market', side: 'credit' },
  '2500': { name: 'tax', of: 'market', side: 'credit' },
  '2600': { name: 'refunds payable', of: 'company', side: 'credit' },
  '3000': { name: 'own funds', of: 'market', side: 'credit' },
  '4100': { name: 'fee', of: 'market', side: 'credit' },
  '4190': { name: 'SLA credits', of: 'market', side: 'debit' },
  '4200': { name: 'shortfall', of: 'market', side: 'credit' },
  '5100': { name: 'processing', of: 'market', side: 'debit' },
  '5110': { name: 'dispute fees', of: 'market', side: 'debit' },
  '5200': { name: 'bad debt', of: 'market', side: 'debit' },
  '5300': { name: 'dispute loss', of: 'market', side: 'debit' },
  '5400': { name: 'pool subsidy', of: 'market', side: 'debit' },
  '5900': { name: 'rounding', of: 'market', side: 'debit' },
} as const satisfies Record<
  string,
  { name: string; of: 'company' | 'provider' | 'pool' | 'invoice' | 'market'; side: 'debit' | 'credit' }
>;
export const AccountCode = z
  .enum(Object.keys(ACCOUNTS) as [keyof typeof ACCOUNTS, ...(keyof typeof ACCOUNTS)[]])
  .meta({ id: 'AccountCode' });
export type AccountCode = z.infer<typeof AccountCode>;

/** One leg: debit positive, credit negative. `of` names the company, provider, pool or invoice where the account has one. */
export const Leg = z.object({ account: AccountCode, of: z.string().nullable(), micros: z.int() }).meta({ id: 'Leg' });
export type Leg = z.infer<typeof Leg>;

export const EntryKind = z
  .enum([
    // A resolution, and the close of a round.
    'charge',
    'split',
    'sla_credit',
    'pool_carried_in',
    'release_credit',
    'shortfall',
    'true_up',
    'pool_subsidy',
    'pool_carried_out',
    'shortfall_correction',
    // Disputes.
    'dispute_opened',
    'dispute_accepted',
    'dispute_rejected',
    // Invoices and credit notes.
    'invoice_final',
    'invoice_void',
    'credit_note',
    'credit_applied',
    'written_off',
    'reinstated',
    'account_closed',
    'credit_paid_out',
    // Cash from companies.
    'paid',
    'balance_created',
    'balance_available',
    'processing_fee',
    'chargeback',
    'chargeback_lost',
    'chargeback_reinstated',
    'refund',
    'refund_failed',
    // Pay to providers.
    'payout',
    'payout_done',
    'payout_failed',
    'transfer_reversed',
    'debt_given_up',
    'provider_tax',
    // The market's own bank.
    'top_up',
    'bank_payout',
    'bank_arrived',
    'bank_failed',
    'unknown_transaction',
    'explained',
    'tax_return',
    'own_funds',
    // By people: what an earlier entry got wrong.
    'adjustment',
  ])
  .meta({ id: 'EntryKind' });
export type EntryKind = z.infer<typeof EntryKind>;

/** What was known when it was posted, and by whom and why where people did it. */
export const Facts = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
export type Facts = z.infer<typeof Facts>;

export const EntryView = z
  .object({
    event: z.string(),
    kind: EntryKind,
    occurredAt: Instant,
    period: z.string(),
    currency: Currency,
    legs: z.array(Leg),
    facts: Facts,
  })
  .meta({ id: 'EntryView' });
export type EntryView = z.infer<typeof EntryView>;

const Balance = z.int().meta({ description: 'Debit positive, credit negative' });
/** One account of a month: what it stood at, what moved it, what it stands at. */
export const AccountLine = z
  .object({
    account: AccountCode,
    name: z.string(),
    of: z.string().nullable(),
    openingMicros: Balance,
    debitMicros: z.int(),
    creditMicros: z.int(),
    closingMicros: Balance,
  })
  .meta({ id: 'AccountLine' });
export type AccountLine = z.infer<typeof AccountLine>;

export const Charge = z
  .object({
    event: z.string(),
    request: z.string(),
    company: OrganisationId,
    provider: OrganisationId,
    queue: z.string(),
    round: z.int(),
    outcome: z.enum(['confirmed', 'assumed']),
    route: z.enum(['slot', 'overflow']),
    micros: z.int().meta({ description: 'Companies: what is charged. Providers: what is paid' }),
    currency: Currency,
    occurredAt: Instant,
    period: z.string(),
    lease: z.string(),
  })
  .meta({ id: 'Charge' });
export type Charge = z.infer<typeof Charge>;
