/**
 * Shortfall fees that were wrong and are invoiced: two people have agreed to give one back, and a credit note does; its
 * entry is posted with what that came to. Ordered as `CORRECTION#<the fee's event>` / `-`, by which the sweep finds it.
 */
import * as z from 'zod';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { type Key, keyText } from '../kernel/table.ts';
import { fromIso, HOUR } from '../kernel/time.ts';
import {
  CORRECTION_DUE,
  correctionEntry,
  correctionKey,
  endCorrection,
  invoiceOfShortfall,
  readAdjustment,
} from '../ledger/adjustment.store.ts';
import type { Adjustment } from '../ledger/adjustment.ts';
import { post, readEntry } from '../ledger/ledger.store.ts';
import type { Leg } from '../ledger/ledger.ts';
import { creditNoteLegs } from '../ledger/postings/credit-note.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { longName } from '../service-class/class-name.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { chargebacksOn } from './chargeback.store.ts';
import { type MadeCreditNote, makeCreditNote } from './credit-note.store.ts';
import { readInvoice } from './invoice.store.ts';
import type { Invoice } from './invoice.ts';

const RETRY_MS = HOUR;
const Order = z.object({ adjustment: z.string() });

/** Makes what is due. One that fails holds up no other, and stays due. */
export async function sweepCorrections(call: StripeCall): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, CORRECTION_DUE);
  const orders = await call.tables.getMany('ledger', due, Order, { consistent: true });
  const failures: unknown[] = [];
  for (const key of due) {
    const order = orders.get(keyText(key));
    if (order !== undefined)
      await advanceCorrection(call, order.adjustment).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} corrections failed: ${String(failures[0])}`);
  return { nextAt };
}

/** Takes an approved correction as far as it goes now; what it waits for is looked at again an hour later. */
export async function advanceCorrection(call: StripeCall, id: string): Promise<void> {
  const adjustment = await readAdjustment(call, id);
  if (adjustment?.state !== 'approved' || adjustment.adjusts === null) return;
  const billing = await invoiceOfShortfall(call, adjustment);
  if (billing === null) return postAs(call, adjustment, adjustment.legs, {});
  const invoice = await readInvoice(call, billing);
  // What is written off is no receivable any more: the fee's loss is the market's, and stands.
  if (invoice?.state === 'uncollectible') return endCorrection(call, adjustment, 'withdrawn');
  const made = await credited(call, adjustment, invoice);
  if (made === null) return later(call, correctionKey(adjustment.adjusts), id);
  const { company } = made;
  const others = adjustment.legs.filter(({ account }) => account !== '1100');
  const legs = [...others, ...creditNoteLegs(made.amounts, made.givenBackMicros, { company, invoice: made.invoice })];
  await postAs(call, adjustment, legs, { creditNote: made.id, invoice: made.invoice });
}

/** The credit note of a correction; null where it has to wait: for its invoice, a chargeback, or Stripe. */
async function credited(
  call: StripeCall,
  { adjusts, legs }: Adjustment,
  invoice: Invoice | undefined,
): Promise<MadeCreditNote | null> {
  if (invoice === undefined || invoice.finalizedAt === null) return null;
  if ((await chargebacksOn(call, invoice.id)).isOpen) return null;
  const fee = await readEntry(call, adjusts ?? '');
  if (fee === undefined) throw new Error(`${adjusts} is corrected and not there`);
  const unbilled = legs.reduce((sum, { account, micros }) => sum + (account === '1100' ? micros : 0), 0);
  const [queue, round] = [String(fee.facts.queue ?? ''), Number(fee.facts.round ?? 0)];
  const known = await readQueueItem(call.tables, queue);
  const name = known === undefined ? queue : longName(known.serviceClass);
  const made = await makeCreditNote(call, {
    invoice,
    cause: `shortfall.${fee.event.replaceAll('#', '.')}`,
    reason: `Shortfall fee of ${name}, round ${round}: corrected`,
    givenBackMicros: 0 - unbilled,
    of: { queue, round, kind: 'shortfall' },
    refund: null,
  });
  return made.ok ? made.value : null;
}

async function postAs(
  call: StripeCall,
  adjustment: Adjustment,
  legs: Leg[],
  facts: Record<string, string>,
): Promise<void> {
  const { decidedBy, decidedAt } = adjustment;
  const entry = correctionEntry({ ...adjustment, legs }, decidedBy ?? '', fromIso(decidedAt ?? ''));
  const posted = await post(call, { ...entry, facts: { ...entry.facts, ...facts } });
  if (posted === 'refused') throw new Error(`${entry.event} was posted with other content`);
  await endCorrection(call, adjustment, 'posted');
}

async function later(call: StripeCall, key: Key, id: string): Promise<void> {
  const set = financeDueAt(call.now + RETRY_MS, CORRECTION_DUE, id);
  await call.tables.update('ledger', key, { set }, [['present', 'pk']]);
}
