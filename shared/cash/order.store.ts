/** Orders of cash `CO#<order>` / `-`, listed by when they were entered; an approved one is due until it is done. */
import * as z from 'zod';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { otherPerson } from '../identity/second-person.ts';
import { Invoice } from '../invoice/invoice.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, keyText } from '../kernel/table.ts';
import { fromIso, iso, MINUTE } from '../kernel/time.ts';
import { readTransaction, type StoredTransaction, UNKNOWN_LIST } from './booking.store.ts';
import { CashOrder, type CashOrderInput, explains } from './order.ts';
import { invoiceKey } from './payment.store.ts';

export const ORDER_DUE = 'cash-order';
const ORDERS = 'cash-orders';
/** Those that wait for another person's approval; what is approved stands among what is due instead. */
const ENTERED = 'cash-orders#entered';
const AGAIN_MS = 10 * MINUTE;
const LISTED = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
const BY_COMPANY = { name: 'byCompany', pk: 'cpk', sk: 'csk' };
const ListKey = z.object({ pk: z.string(), sk: z.string() });

export const orderKey = (order: string): Key => ({ pk: `CO#${order}`, sk: '-' });

export const readOrder = (call: Call, order: string): Promise<CashOrder | undefined> =>
  call.tables.get('ledger', orderKey(order), CashOrder, { consistent: true });

type EnterRefusal = 'not_found' | 'invalid_request' | 'not_unknown' | 'invoice_not_open';

/** Enters an order under an id of the caller's; the same id again answers what stands. */
export async function enterOrder(
  call: Call,
  id: string,
  order: CashOrderInput,
  user: string,
): Promise<Result<CashOrder, EnterRefusal>> {
  const currency = await currencyOfOrder(call, order);
  if (!currency.ok) return currency;
  const fresh: CashOrder = {
    id,
    order,
    currency: currency.value,
    state: 'entered',
    madeBy: user,
    madeAt: iso(call.now),
    approvedBy: null,
    approvedAt: null,
    refused: null,
    result: null,
  };
  const place = `${timeKey(call.now)}#${id}`;
  const listed = { ppk: ORDERS, psk: place, cpk: ENTERED, csk: place };
  const written = await call.tables.put('ledger', { ...orderKey(id), ...fresh, ...listed }, ABSENT);
  return ok(written.ok ? fresh : CashOrder.parse(written.old));
}

async function currencyOfOrder(call: Call, order: CashOrderInput): Promise<Result<Currency, EnterRefusal>> {
  if (order.kind === 'bank_payout') return ok(order.currency);
  if (order.kind === 'explanation') {
    const fits = explains(order.account, order.of);
    if (!fits.ok) return fits;
    const transaction = await readTransaction(call, order.transaction);
    if (transaction === undefined) return refuse('not_found', 'There is no such balance transaction.');
    if (!isUnexplained(transaction))
      return refuse('not_unknown', 'It is known what this transaction was; only what stands in 1390 is explained.');
    return ok(transaction.currency);
  }
  const invoice = await call.tables.get('ledger', invoiceKey(order.invoice), Invoice, { consistent: true });
  if (invoice === undefined) return refuse('not_found', 'There is no such invoice.');
  if (invoice.state !== 'open' && invoice.state !== 'uncollectible')
    return refuse('invoice_not_open', `This invoice is ${invoice.state}: it takes no payment.`);
  if (fromIso(order.receivedAt) > call.now)
    return refuse('invalid_request', 'receivedAt lies in the future: enter a payment once it has come.');
  return ok(invoice.currency);
}

const isUnexplained = ({ meaning, party }: StoredTransaction): boolean =>
  meaning === 'unknown' ||
  (party === null && ['refund', 'refund_failed', 'transfer', 'transfer_reversed'].includes(meaning));

/** Approves an order: by another person than who entered it. Approving again by anybody changes nothing. */
export async function approveOrder(
  call: Call,
  id: string,
  user: string,
): Promise<Result<CashOrder, 'not_found' | 'second_person_needed' | 'order_decided'>> {
  const stored = await readOrder(call, id);
  if (stored === undefined) return refuse('not_found', 'There is no such order; GET /v1/cash-orders lists them.');
  if (stored.state === 'approved' || stored.state === 'done') return ok(stored);
  const other = otherPerson(stored.madeBy, user, 'this order');
  if (!other.ok) return other;
  const set = { state: 'approved' as const, approvedBy: user, approvedAt: iso(call.now) };
  const due = financeDueAt(call.now + AGAIN_MS, ORDER_DUE, id);
  const written = await call.tables.update('ledger', orderKey(id), { set: { ...set, ...due } }, [
    ['=', 'state', 'entered'],
  ]);
  if (!written.ok) return decided(CashOrder.parse(written.old));
  await call.hurry?.('stripe-out', [{ kind: 'cash_order', id }]);
  return ok({ ...stored, ...set });
}

/** Takes an order back that nobody has approved yet. */
export async function withdrawOrder(call: Call, id: string): Promise<Result<CashOrder, 'not_found' | 'order_decided'>> {
  const written = await call.tables.change(
    'ledger',
    orderKey(id),
    CashOrder,
    { set: { state: 'withdrawn' }, remove: ['cpk', 'csk'] },
    [['in', 'state', ['entered', 'withdrawn']]],
  );
  if (written.ok) return ok(written.item);
  if (written.old === null) return refuse('not_found', 'There is no such order; GET /v1/cash-orders lists them.');
  return decided(CashOrder.parse(written.old));
}

const decided = ({ state }: CashOrder) =>
  refuse('order_decided', `This order is ${state}: nothing changes it any more.`);

/** Ends the work on an approved order. */
export async function endOrder(
  call: Call,
  id: string,
  end: { state: 'done' | 'refused'; refused: string | null; result: string | null },
): Promise<void> {
  await call.tables.update('ledger', orderKey(id), { set: end, remove: ['cpk', 'csk'] }, [['=', 'state', 'approved']]);
}

/** Asks for approved orders that nobody has finished. */
export async function sweepOrders(call: Call): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, ORDER_DUE);
  for (const key of due) {
    const id = key.pk.slice('CO#'.length);
    const again = financeDueAt(call.now + AGAIN_MS, ORDER_DUE, id);
    const written = await call.tables.update('ledger', key, { set: again }, [['=', 'state', 'approved']]);
    if (written.ok) await call.hurry?.('stripe-out', [{ kind: 'cash_order', id }]);
  }
  return { nextAt };
}

type Asked = { limit: number; after?: Item };

/** A page of orders, newest first. */
export async function listOrders(call: Call, page: Asked): Promise<{ items: CashOrder[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', ListKey, { index: LISTED, pk: ORDERS, descending: true, ...page });
  const orders = await call.tables.getMany('ledger', found.items, CashOrder);
  return {
    items: found.items.flatMap((key) => orders.get(keyText(key)) ?? []),
    after: found.after as Item | undefined,
  };
}

/** A page of the orders that nobody has approved yet, oldest first. */
export async function listEntered(call: Call, page: Asked): Promise<{ items: CashOrder[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', ListKey, { index: BY_COMPANY, pk: ENTERED, ...page });
  const orders = await call.tables.getMany('ledger', found.items, CashOrder, { consistent: true });
  return {
    items: found.items.flatMap((key) => orders.get(keyText(key)) ?? []).filter(({ state }) => state === 'entered'),
    after: found.after as Item | undefined,
  };
}

/** What stands in 1390 until people explain it, oldest first. */
export async function listUnknown(call: Call): Promise<StoredTransaction[]> {
  const keys = await call.tables.queryAll('ledger', ListKey, { index: BY_COMPANY, pk: UNKNOWN_LIST });
  const found = await Promise.all(keys.map(({ pk }) => readTransaction(call, pk.slice('BT#'.length))));
  return found.filter((one) => one !== undefined);
}
