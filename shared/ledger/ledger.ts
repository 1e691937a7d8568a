/** Append-only double entry in integer micro-units: accounts, entries and the postings of business events. */
import * as z from 'zod';
import { OrganisationId } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { Instant } from '../kernel/time.ts';

export const ACCOUNTS = {
  '1100': { name: 'unbilled', of: 'company', side: 'debit' },
  '2100': { name: 'payable', of: 'provider', side: 'credit' },
  '2105': { name: 'split in transit', of: 'market', side: 'credit' },
  '2400': { name: 'pool', of: 'pool', side: 'credit' },
  '2410': { name: 'pool carried', of: 'market', side: 'credit' },
  '4100': { name: 'fee', of: 'market', side: 'credit' },
  '4190': { name: 'SLA credits', of: 'market', side: 'debit' },
  '4200': { name: 'shortfall', of: 'market', side: 'credit' },
  '5400': { name: 'pool subsidy', of: 'market', side: 'debit' },
} as const satisfies Record<
  string,
  { name: string; of: 'company' | 'provider' | 'pool' | 'market'; side: 'debit' | 'credit' }
>;
export const AccountCode = z
  .enum(Object.keys(ACCOUNTS) as [keyof typeof ACCOUNTS, ...(keyof typeof ACCOUNTS)[]])
  .meta({ id: 'AccountCode' });
export type AccountCode = z.infer<typeof AccountCode>;

/** One leg: debit positive, credit negative. `of` names the company, provider or pool where the account has one. */
export const Leg = z.object({ account: AccountCode, of: z.string().nullable(), micros: z.int() }).meta({ id: 'Leg' });
export type Leg = z.infer<typeof Leg>;

export const EntryKind = z
  .enum([
    'charge',
    'split',
    'sla_credit',
    'pool_carried_in',
    'release_credit',
    'shortfall',
    'true_up',
    'pool_subsidy',
    'pool_carried_out',
  ])
  .meta({ id: 'EntryKind' });
export type EntryKind = z.infer<typeof EntryKind>;

export const EntryView = z
  .object({
    event: z.string(),
    kind: EntryKind,
    occurredAt: Instant,
    period: z.string(),
    currency: Currency,
    legs: z.array(Leg),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  })
  .meta({ id: 'EntryView' });
export type EntryView = z.infer<typeof EntryView>;

export const AccountBalance = z
  .object({
    account: AccountCode,
    name: z.string(),
    of: z.string().nullable(),
    debitMicros: z.int(),
    creditMicros: z.int(),
  })
  .meta({ id: 'AccountBalance' });
export type AccountBalance = z.infer<typeof AccountBalance>;

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
    occurredAt: Instant,
    period: z.string(),
    lease: z.string(),
  })
  .meta({ id: 'Charge' });
export type Charge = z.infer<typeof Charge>;
