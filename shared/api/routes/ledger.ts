/** The books: periods, histories of accounts, an account's owners, and adjustments by two people. */
import * as z from 'zod';
import { Currency } from '../../kernel/money.ts';
import { Adjustment, AdjustmentId, AdjustmentInput, AdjustmentState } from '../../ledger/adjustment.ts';
import { HistoryRow } from '../../ledger/history.ts';
import { AccountCode, AccountLine, EntryView } from '../../ledger/ledger.ts';
import { Period as LedgerPeriod } from '../../ledger/period.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';
import { Period } from './finance.ts';

const PARTIES = ['company.admin', 'company.finance', 'provider.admin', 'provider.finance'] as const;
const PEOPLE = ['market.finance', 'market.operator'] as const;
const READ = { who: 'members', roles: [...PARTIES, ...PEOPLE], scope: 'finance:read' } as const;
const MARKET = { who: 'members', roles: PEOPLE, scope: 'finance:read' } as const;
const ADJUST = { who: 'members', roles: ['market.finance'], scope: 'finance:write' } as const;
const Month = { period: Period.optional(), currency: Currency.default('USD') };
const Owner = z.string().min(1).max(200).meta({
  description:
    'Whose: a company, a provider, one of a company’s invoices, or a pool (queue#round). Parties: themselves where left out, and nobody else. The market: everybody where left out',
});
const params = z.object({ account: AccountCode });

export const ledgerRoutes = defineRoutes([
  {
    id: 'listPeriods',
    function: 'finance',
    method: 'GET',
    path: '/v1/periods',
    access: READ,
    repeat: 'none',
    summary: 'Months and whether they are open, closing or closed; newest first',
    responses: { 200: z.object({ items: z.array(LedgerPeriod) }) },
    problems: [],
  },
  {
    id: 'getAccountHistory',
    function: 'finance',
    method: 'GET',
    path: '/v1/accounts/{account}/history',
    access: READ,
    repeat: 'none',
    summary: 'What moved an account in a month, entry by entry, with its balance after each',
    description:
      'In order of posting. A page may be shorter than asked for; the history ends where `next` is null. Totals are those of the whole month.',
    params,
    query: z.object({ ...Month, owner: Owner.optional(), ...PageQuery }),
    responses: {
      200: z
        .object({
          account: AccountCode,
          owner: z.string().nullable(),
          period: Period,
          currency: Currency,
          openingMicros: z.int(),
          debitMicros: z.int(),
          creditMicros: z.int(),
          closingMicros: z.int(),
          items: z.array(HistoryRow),
          next: z.string().nullable(),
        })
        .meta({ id: 'AccountHistory' }),
    },
    problems: ['balances_behind'],
  },
  {
    id: 'getLedgerEntry',
    function: 'finance',
    method: 'GET',
    path: '/v1/ledger-entry',
    access: MARKET,
    repeat: 'none',
    summary: 'One entry of the ledger with all its legs, by its event',
    query: z.object({ event: z.string().min(1).max(300) }),
    responses: { 200: EntryView },
    problems: ['not_found'],
  },
  {
    id: 'listAccountOwners',
    function: 'finance',
    method: 'GET',
    path: '/v1/accounts/{account}/owners',
    access: MARKET,
    repeat: 'none',
    summary: 'Who an account of the trial balance is made up of, each with opening, movements and closing',
    description: 'The lines of all pages together are the account’s line in the trial balance.',
    params,
    query: z.object({ ...Month, ...PageQuery }),
    responses: { 200: pageOf(AccountLine) },
    problems: ['balances_behind'],
  },
  {
    id: 'proposeAdjustment',
    function: 'money',
    method: 'POST',
    path: '/v1/adjustments',
    access: { ...ADJUST, byPeople: true },
    repeat: 'key',
    summary: 'Propose an entry that corrects another one, or that moves the market’s own money',
    description: 'Nothing is posted before another person approves it. What was posted is never changed.',
    body: AdjustmentInput,
    responses: { 201: Adjustment },
    problems: [
      'not_found',
      'legs_unbalanced',
      'account_not_adjustable',
      'legs_of_several',
      'not_a_shortfall',
      'nothing_to_adjust',
      'not_a_rounding',
      'balances_behind',
    ],
  },
  {
    id: 'listAdjustments',
    function: 'money',
    method: 'GET',
    path: '/v1/adjustments',
    access: MARKET,
    repeat: 'none',
    summary: 'Adjustments, newest first',
    query: z.object({ state: AdjustmentState.default('proposed'), ...PageQuery }),
    responses: { 200: pageOf(Adjustment) },
    problems: [],
  },
  {
    id: 'getAdjustment',
    function: 'money',
    method: 'GET',
    path: '/v1/adjustments/{adjustment}',
    access: MARKET,
    repeat: 'none',
    summary: 'One adjustment',
    params: z.object({ adjustment: AdjustmentId }),
    responses: { 200: Adjustment },
    problems: ['not_found'],
  },
  {
    id: 'approveAdjustment',
    function: 'money',
    method: 'POST',
    path: '/v1/adjustments/{adjustment}/approve',
    access: { ...ADJUST, byPeople: true },
    repeat: 'natural',
    summary: 'Approve an adjustment that somebody else proposed, which posts it',
    description:
      'The correction of a shortfall that is invoiced is `approved` until its credit note is made, and posted with it; it is `withdrawn` where its invoice was written off.',
    params: z.object({ adjustment: AdjustmentId }),
    responses: { 200: Adjustment },
    problems: [
      'second_person_needed',
      'adjustment_decided',
      'adjustment_outdated',
      'already_reversed',
      'balances_behind',
    ],
  },
  {
    id: 'withdrawAdjustment',
    function: 'money',
    method: 'POST',
    path: '/v1/adjustments/{adjustment}/withdraw',
    access: { ...ADJUST, byPeople: true },
    repeat: 'natural',
    summary: 'Take a proposed adjustment back',
    params: z.object({ adjustment: AdjustmentId }),
    responses: { 200: Adjustment },
    problems: ['adjustment_decided'],
  },
]);
