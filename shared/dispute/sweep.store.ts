/** What falls due of disputes: clocks that ran out, and what was decided but is not posted yet. Doing it again does nothing twice. */
import type Stripe from 'stripe';
import { financeDue } from '../dispatch/finance-due.store.ts';
import { chargebacksOn } from '../invoice/chargeback.store.ts';
import { makeCreditNote } from '../invoice/credit-note.store.ts';
import { lineKindOf } from '../invoice/credit-note.ts';
import { readInvoice } from '../invoice/invoice.store.ts';
import { invoiceFor } from '../invoice/plan.store.ts';
import type { Call } from '../kernel/call.ts';
import { HOUR } from '../kernel/time.ts';
import { readCharges } from '../ledger/ledger.store.ts';
import { creditNoteLegs } from '../ledger/postings/credit-note.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { announce } from '../webhook/webhook.store.ts';
import {
  DUE_KIND,
  disputeInDue,
  dropPointer,
  holdAndTell,
  openDisputesOf,
  readDispute,
  store,
} from './dispute.store.ts';
import { type Dispute, takeEffect, withDefault } from './dispute.ts';
import { disputeEvents } from './dispute-events.ts';
import { accept, givenBackMicros, release, slaTakenBack, takeOutOfUnbilled } from './post.store.ts';

/** What is agreed and waits for its invoice, a chargeback or a second person is looked at again after so long. */
const RETRY_MS = HOUR;
/** Where there is no Stripe, what needs it is left to the sweep. */
type MaybeStripe = Call & { readonly stripe?: Stripe };

/** Works every dispute that is due. One that fails holds up no other: what failed is thrown together at the end. */
export async function sweepDisputes(call: StripeCall): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, DUE_KIND);
  const failures: unknown[] = [];
  for (const key of due) await advanceDispute(call, disputeInDue(key)).catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} disputes failed: ${String(failures[0])}`);
  return { nextAt };
}

/** Takes a dispute as far as it goes now: held, ended by its clock, posted. */
export async function advanceDispute(call: MaybeStripe, id: string): Promise<void> {
  const stored = await readDispute(call, id);
  if (stored === undefined) throw new Error(`${id} is due and not there`);
  const before = await holdAndTell(call, stored);
  const dispute = withDefault(before, call.now);
  if (dispute !== before) {
    if (!(await store(call, before, dispute))) return;
    await announce(call, ...disputeEvents(dispute, 'decided'));
  }
  if (dispute.resolvedAt !== null) return;
  if (dispute.state === 'agreed') return carryOut(call, dispute);
  if (dispute.ended === null) {
    // Only its clock is left; a due time that was written by a slower process is put right.
    await store(call, dispute, dispute);
    return;
  }
  await release(call, dispute);
  await store(call, dispute, { ...dispute, resolvedAt: call.now });
}

/** Posts what was agreed: by the ledger alone where no invoice bills the charge, else by a credit note. */
async function carryOut(call: MaybeStripe, agreed: Dispute): Promise<void> {
  const billed = await underItsInvoice(call, agreed);
  const dispute = billed.sla === null ? { ...billed, sla: await slaTakenBack(call, billed) } : billed;
  if (dispute !== billed && !(await store(call, billed, dispute))) return;
  const sla = dispute.sla ?? { providerMicros: 0, marketMicros: 0 };
  if (dispute.invoice === null) {
    await accept(call, dispute, sla, null);
    return finish(call, dispute, null);
  }
  const invoice = await readInvoice(call, dispute.invoice);
  const isFinal = invoice !== undefined && invoice.finalizedAt !== null;
  if (!isFinal) return later(call, dispute);
  // It is listed as due by now: the sweep, which has Stripe, goes on here at once.
  if (!hasStripe(call)) return;
  const chargebacks = await chargebacksOn(call, invoice.id);
  if (chargebacks.isOpen) return later(call, dispute);
  const made = await makeCreditNote(call, {
    invoice,
    cause: `dispute.${dispute.id}`,
    reason: `Dispute of request ${dispute.request}: ${dispute.reason.code.replaceAll('_', ' ')}`,
    givenBackMicros: givenBackMicros(dispute, sla),
    of: { queue: dispute.queue, round: dispute.round, kind: lineKindOf(dispute) },
    refund:
      dispute.wants === 'refund'
        ? { id: dispute.id, makers: [dispute.openedBy, ...(dispute.ended?.by == null ? [] : [dispute.ended.by])] }
        : null,
  });
  if (!made.ok) return later(call, dispute);
  const { amounts } = made.value;
  const legs = creditNoteLegs(amounts, made.value.givenBackMicros, { company: dispute.company, invoice: invoice.id });
  await accept(call, dispute, sla, legs);
  return finish(call, dispute, made.value.id);
}

const hasStripe = (call: MaybeStripe): call is StripeCall => call.stripe !== undefined;

async function finish(call: Call, dispute: Dispute, creditNote: string | null): Promise<void> {
  const done = takeEffect(dispute, creditNote, call.now);
  await store(call, dispute, done);
  await announce(call, ...disputeEvents(done, 'effective'));
}

async function later(call: Call, dispute: Dispute): Promise<void> {
  await store(call, dispute, dispute, call.now + RETRY_MS);
}

/** The dispute with the invoice that bills its charge now: a plan may have been dropped, and made anew, since it was opened. */
async function underItsInvoice(call: Call, dispute: Dispute): Promise<Dispute> {
  if (dispute.invoice === null) return dispute;
  const charge = (await readCharges(call, [dispute.request])).get(dispute.request);
  if (charge === undefined) throw new Error(`${dispute.id} is of a charge that is not there`);
  const { invoice } = await invoiceFor(call, dispute.company, dispute.currency, charge.period);
  return invoice === dispute.invoice ? dispute : moveTo(call, dispute, invoice);
}

async function moveTo(call: Call, dispute: Dispute, invoice: string | null): Promise<Dispute> {
  if (dispute.invoice === null) return dispute;
  if (invoice === null) await takeOutOfUnbilled(call, dispute, dispute.invoice);
  const moved = { ...dispute, invoice };
  if (!(await store(call, dispute, moved))) throw new Error(`${dispute.id} changed while its invoice was dropped`);
  await dropPointer(call, dispute.invoice, dispute.id);
  return moved;
}

/**
 * A plan was dropped: its charges are not invoiced again, those of open disputes included, so that the next plan does not
 * bill what is disputed. Called by whoever drops a plan, after it was dropped; doing it again does nothing.
 */
export async function takeDisputesOutOf(call: Call, invoice: string): Promise<void> {
  for (const id of await openDisputesOf(call, invoice)) {
    const dispute = await readDispute(call, id);
    if (dispute !== undefined && dispute.invoice === invoice && dispute.resolvedAt === null)
      await moveTo(call, await holdAndTell(call, dispute), null);
  }
}
