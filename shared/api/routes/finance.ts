/** Statements and charges, for the finance people of companies, providers and the market. */
import * as z from 'zod';
import { QueueId } from '../../kernel/id.ts';
import { Currency } from '../../kernel/money.ts';
import { AccountLine, Charge, EntryView } from '../../ledger/ledger.ts';
import { Earnings } from '../../resolution/earnings.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

const OWN = {
  who: 'members',
  roles: ['company.admin', 'company.finance', 'provider.admin', 'provider.finance'],
  scope: 'finance:read',
} as const;
const PROVIDER = { who: 'members', roles: ['provider.admin', 'provider.finance'], scope: 'finance:read' } as const;
const MARKET = { who: 'members', roles: ['market.finance', 'market.operator'], scope: 'finance:read' } as const;
export const Period = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-01')
  .meta({ description: 'UTC month; the current one where left out' });

export const financeRoutes = defineRoutes([
  {
    id: 'getStatement',
    function: 'finance',
    method: 'GET',
    path: '/v1/statement',
    access: OWN,
    repeat: 'none',
    summary: 'One’s own accounts in a month: opening, movements and closing',
    query: z.object({ period: Period.optional(), currency: Currency.default('USD') }),
    responses: {
      200: z
        .object({ period: Period, currency: Currency, entries: z.int(), accounts: z.array(AccountLine) })
        .meta({ id: 'Statement' }),
    },
    problems: ['balances_behind'],
  },
  {
    id: 'listEntries',
    function: 'finance',
    method: 'GET',
    path: '/v1/entries',
    access: OWN,
    repeat: 'none',
    summary: 'One’s ledger entries of a month, in order of posting',
    description: 'With a currency, a page may be shorter than asked for; the list ends where `next` is null.',
    query: z.object({ period: Period.optional(), currency: Currency.optional(), ...PageQuery }),
    responses: { 200: pageOf(EntryView) },
    problems: [],
  },
  {
    id: 'listCharges',
    function: 'finance',
    method: 'GET',
    path: '/v1/charges',
    access: OWN,
    repeat: 'none',
    summary: 'Charges of a month, each with its request',
    description:
      'Filters look through all of the month. A page may be shorter than asked for, or empty; the list ends where `next` is null.',
    query: z.object({
      period: Period.optional(),
      currency: Currency.optional(),
      outcome: Charge.shape.outcome.optional(),
      route: Charge.shape.route.optional(),
      queue: QueueId.optional(),
      ...PageQuery,
    }),
    responses: { 200: pageOf(Charge) },
    problems: [],
  },
  {
    id: 'getEarnings',
    tool: 'earnings',
    function: 'finance',
    method: 'GET',
    path: '/v1/earnings',
    access: PROVIDER,
    repeat: 'none',
    summary: 'What a provider’s resolutions of a month earn: pending, confirmed, posted',
    description:
      'By the month in which the turns were claimed. Pending and confirmed ones are at one’s own bid price; what is shared with who handed a request on shows when it is posted.',
    query: z.object({ month: Period.optional() }),
    responses: { 200: Earnings },
    problems: [],
  },
  {
    id: 'getTrialBalance',
    function: 'finance',
    method: 'GET',
    path: '/v1/trial-balance',
    access: MARKET,
    repeat: 'none',
    summary: 'Every account of the market in a month: opening, movements and closing, which sum to nothing',
    query: z.object({ through: Period, currency: Currency.default('USD') }),
    responses: {
      200: z
        .object({
          through: Period,
          currency: Currency,
          entries: z.int().meta({ description: 'Posted through the month, in all currencies' }),
          accounts: z.array(AccountLine),
          balanced: z.boolean(),
        })
        .meta({ id: 'TrialBalance' }),
    },
    problems: ['balances_behind'],
  },
]);
