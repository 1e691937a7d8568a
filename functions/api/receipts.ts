/** Receipts of outcomes: the one function that may read the keys they are signed with. */
import { receiptRoutes } from '../../shared/api/routes/receipt.ts';
import { readOwnLease } from '../../shared/dispatch/turn.store.ts';
import { type Result, refuse } from '../../shared/kernel/result.ts';
import { signReceipt } from '../../shared/receipt/jws.ts';
import { jwksOf } from '../../shared/receipt/keys.ts';
import { type ReceiptRefusal, receiptOfLease, receiptOfRequest } from '../../shared/receipt/receipt.store.ts';
import type { Receipt } from '../../shared/receipt/receipt.ts';
import { readOwnHead } from '../../shared/request/request.store.ts';
import { api } from '../middleware/api.ts';
import type { Context, Handler } from '../middleware/context.ts';

const NO_REQUEST = refuse('not_found', 'There is no such request.');

async function signed(context: Context, receipt: Result<Receipt, ReceiptRefusal>) {
  if (!receipt.ok) return receipt;
  const jws = await signReceipt(receipt.value, await context.runtime.receiptKeys());
  return { status: 200 as const, body: { jws, receipt: receipt.value } };
}

const getReceiptKeys: Handler<'getReceiptKeys'> = async ({ runtime }) => ({
  status: 200,
  body: jwksOf(await runtime.receiptKeys()),
});

const getRequestReceipt: Handler<'getRequestReceipt'> = async (context, { params }) => {
  const head = await readOwnHead(context, context.actor.tenant, params.request);
  return head === undefined ? NO_REQUEST : signed(context, await receiptOfRequest(context, head, 'company'));
};

const getLeaseReceipt: Handler<'getLeaseReceipt'> = async (context, { params }) => {
  const own = await readOwnLease(context, context.actor.tenant, params.lease);
  if (own === undefined) return refuse('not_found', 'There is no such turn of yours.');
  return signed(context, await receiptOfLease(context, params.lease, 'provider'));
};

const getLinkReceipt: Handler<'getLinkReceipt'> = async (context) => {
  const head = await readOwnHead(context, context.actor.tenant, context.actor.request);
  return head === undefined ? NO_REQUEST : signed(context, await receiptOfRequest(context, head, 'customer'));
};

export const handler = api('receipts', receiptRoutes, {
  getReceiptKeys,
  getRequestReceipt,
  getLeaseReceipt,
  getLinkReceipt,
});
