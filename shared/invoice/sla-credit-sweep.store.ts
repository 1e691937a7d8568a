/** Makes the credit notes of SLA credits that were ordered since their charges are invoiced. */
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import type { Key } from '../kernel/table.ts';
import { HOUR } from '../kernel/time.ts';
import { readSlaCredit } from '../ledger/ledger.store.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { chargebacksOn } from './chargeback.store.ts';
import { makeCreditNote } from './credit-note.store.ts';
import { lineKindOf } from './credit-note.ts';
import { readInvoice } from './invoice.store.ts';
import { invoiceFor } from './plan.store.ts';
import { DUE_KIND, postSlaCredit, SLA_REASON, SlaCreditOrder } from './sla-credit.store.ts';

const RETRY_MS = HOUR;

/** Makes what was ordered: by a credit note once its invoice is final, or by the ledger where its plan was dropped. */
export async function sweepSlaCredits(call: StripeCall): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, DUE_KIND);
  const failures: unknown[] = [];
  for (const key of due) await carryOut(call, key).catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} SLA credits failed: ${String(failures[0])}`);
  return { nextAt };
}

async function carryOut(call: StripeCall, key: Key): Promise<void> {
  const order = await call.tables.get('ledger', key, SlaCreditOrder, { consistent: true });
  if (order === undefined) throw new Error(`${key.pk} is due and not there`);
  if (await isDone(call, order))
    await call.tables.update('ledger', key, { remove: ['cpk', 'csk'] }, [['present', 'pk']]);
  else {
    const set = financeDueAt(call.now + RETRY_MS, DUE_KIND, order.request);
    await call.tables.update('ledger', key, { set }, [['present', 'pk']]);
  }
}

async function isDone(call: StripeCall, order: SlaCreditOrder): Promise<boolean> {
  if ((await readSlaCredit(call, order.request)) !== null) return true;
  const billed = await invoiceFor(call, order.company, order.currency, order.period);
  if (billed.invoice === null) {
    await postSlaCredit(call, order, null);
    return true;
  }
  const invoice = await readInvoice(call, billed.invoice);
  if (invoice === undefined || invoice.finalizedAt === null) return false;
  if ((await chargebacksOn(call, invoice.id)).isOpen) return false;
  const made = await makeCreditNote(call, {
    invoice,
    cause: `sla.${order.request}`,
    reason: `Request ${order.request}: ${SLA_REASON}`,
    givenBackMicros: order.providerMicros + order.marketMicros,
    of: { queue: order.queue, round: order.round, kind: lineKindOf(order) },
    refund: null,
  });
  if (!made.ok) return false;
  await postSlaCredit(call, order, made.value);
  return true;
}
