/** What the market's finance people do about cash, two of them each time, and what waits for them. */
import * as z from 'zod';
import { CashOrder, CashOrderInput, UnknownTransaction } from '../../cash/order.ts';
import { defineRoutes, PageQuery, pageOf } from '../route.ts';

const READ = { who: 'members', roles: ['market.finance', 'market.operator'], scope: 'finance:read' } as const;
const WRITE = { who: 'members', roles: ['market.finance'], scope: 'finance:write' } as const;
const Params = z.object({ order: z.string().max(100) });

export const cashRoutes = defineRoutes([
  {
    id: 'enterCashOrder',
    function: 'money',
    method: 'POST',
    path: '/v1/cash-orders',
    access: { ...WRITE, byPeople: true },
    repeat: 'key',
    summary: 'Enter a payment that came outside Stripe, a payout to the bank, or what an unknown transaction was',
    description:
      'Nothing happens before another person approves it. A payment may be a part of its invoice, or more than it: what is over becomes the company’s credit. Of the money at Stripe only what the market owes nobody may leave.',
    body: CashOrderInput,
    responses: { 201: CashOrder },
    problems: ['not_found', 'not_unknown', 'invoice_not_open'],
  },
  {
    id: 'listCashOrders',
    function: 'money',
    method: 'GET',
    path: '/v1/cash-orders',
    access: READ,
    repeat: 'none',
    summary: 'Orders of cash, newest first',
    query: z.object(PageQuery),
    responses: { 200: pageOf(CashOrder) },
    problems: [],
  },
  {
    id: 'getCashOrder',
    function: 'money',
    method: 'GET',
    path: '/v1/cash-orders/{order}',
    access: READ,
    repeat: 'none',
    summary: 'An order of cash, and what became of it',
    params: Params,
    responses: { 200: CashOrder },
    problems: ['not_found'],
  },
  {
    id: 'approveCashOrder',
    function: 'money',
    method: 'POST',
    path: '/v1/cash-orders/{order}/approval',
    access: { ...WRITE, byPeople: true },
    repeat: 'natural',
    summary: 'Approve an order that another person entered: it is carried out',
    params: Params,
    responses: { 200: CashOrder },
    problems: ['not_found', 'second_person_needed', 'order_decided'],
  },
  {
    id: 'withdrawCashOrder',
    function: 'money',
    method: 'DELETE',
    path: '/v1/cash-orders/{order}',
    access: WRITE,
    repeat: 'natural',
    summary: 'Take an order back that nobody has approved',
    params: Params,
    responses: { 200: CashOrder },
    problems: ['not_found', 'order_decided'],
  },
  {
    id: 'listUnknownTransactions',
    function: 'money',
    method: 'GET',
    path: '/v1/unknown-transactions',
    access: READ,
    repeat: 'none',
    summary: 'What Stripe moved and nobody knows why: it stands in 1390 until two people explain it',
    responses: { 200: z.object({ items: z.array(UnknownTransaction) }).meta({ id: 'UnknownTransactions' }) },
    problems: [],
  },
]);
