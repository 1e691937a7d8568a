/** Unpaid invoices by their due dates: a notice on the due date, a pause ten days later, and an end when they are paid. */

import { postPayments, readPayments } from '../cash/payment.store.ts';
import { countedFacts, unpaidMicros, writtenOffEvent } from '../cash/payment.ts';
import { financeDue } from '../dispatch/finance-due.store.ts';
import { otherPerson } from '../identity/second-person.ts';
import {
  DUNNING,
  DueItem as Due,
  type DueItem,
  forgetDue,
  forgetWriteOff,
  noteNextStep,
  noteWriteOff,
} from '../invoice/due.store.ts';
import { isOverdue, PAUSE_AFTER_MS } from '../invoice/dunning.ts';
import { noteGivenUp } from '../invoice/given-up.store.ts';
import { changeInvoice, invoiceKey, readInvoice, readInvoices } from '../invoice/invoice.store.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { tellOverdue } from '../invoice/sync.store.ts';
import { refusesDisputed, voidInvoice } from '../invoice/void.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { type Key, keyText } from '../kernel/table.ts';
import type { Condition } from '../kernel/table-expression.ts';
import { DAY, fromIso } from '../kernel/time.ts';
import { post } from '../ledger/ledger.store.ts';
import { writtenOffLegs } from '../ledger/postings/invoice.ts';
import { onceAtStripe, type StripeCall, type StripeRefusal } from '../stripe-call/stripe-call.store.ts';
import { reviewCredit } from './credit.store.ts';

/** Invoices taken a step on at the same time. */
const SIDE_BY_SIDE = 4;
/** And so many read, and taken off the list, together. */
const PAGE = 100;

/** Sends the notice that an invoice is overdue; at least once. */
export type Notify = (call: StripeCall, invoice: Invoice) => Promise<void>;

/** Takes every invoice that is due for it a step on. One that fails holds up no other, and stays due. */
export async function sweepDunning(call: StripeCall, notify: Notify): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, DUNNING);
  const failures: unknown[] = [];
  for (let at = 0; at < due.length; at += PAGE)
    failures.push(...(await dunPage(call, due.slice(at, at + PAGE), notify)));
  if (failures.length > 0) throw new AggregateError(failures, `dunning failed for ${failures.length} invoices`);
  return { nextAt };
}

/** Most of them have been paid: those leave the list together. Answers what failed. */
async function dunPage(call: StripeCall, due: readonly Key[], notify: Notify): Promise<unknown[]> {
  const idOf = ({ pk }: Key): string => pk.slice('I#'.length);
  const [items, invoices] = await Promise.all([
    call.tables.getMany('ledger', due, Due, { consistent: true }),
    readInvoices(call, due.map(idOf)),
  ]);
  const failures: unknown[] = [];
  const over: Key[] = [];
  await mapConcurrent(due, SIDE_BY_SIDE, async (key) => {
    const item = items.get(keyText(key));
    if (item === undefined) return;
    const id = idOf(key);
    try {
      if ((await dun(call, id, item, invoices.get(id), notify)) === 'over') over.push(key);
    } catch (error) {
      failures.push(error);
    }
  });
  if (over.length > 0) await call.tables.transact(over.map((key) => ({ kind: 'delete', table: 'ledger', key })));
  return failures;
}

async function dun(
  call: StripeCall,
  id: string,
  { step }: DueItem,
  invoice: Invoice | undefined,
  notify: Notify,
): Promise<'over' | 'goes on'> {
  if (step === 'void') {
    await voidInvoice(call, id);
    return 'goes on';
  }
  if (invoice === undefined || invoice.dueAt === null || !isOverdue(invoice, call.now)) {
    // Who paid before it was late does not pause for it.
    if (invoice !== undefined && step === 'pause') await reviewCredit(call, invoice.company);
    return 'over';
  }
  if (step === 'notice') {
    await tellOverdue(call, invoice);
    await notify(call, invoice);
    await noteNextStep(call, id, 'pause', fromIso(invoice.dueAt) + PAUSE_AFTER_MS);
    return 'goes on';
  }
  await reviewCredit(call, invoice.company);
  // Looked at every day until it is paid, so that a lost event of its payment ends the pause all the same.
  await noteNextStep(call, id, 'pause', call.now + DAY);
  return 'goes on';
}

type WriteOffRefusal = StripeRefusal | 'not_found' | 'invoice_state' | 'invoice_disputed' | 'second_person_needed';

/**
 * Writes off what is unpaid of an invoice: one person proposes it, another's same call carries it out. Doing it again
 * changes nothing. Refused: `invoice_state`, `invoice_disputed`, `second_person_needed` with the proposal kept.
 */
export async function writeOff(call: StripeCall, user: string, id: string): Promise<Result<Invoice, WriteOffRefusal>> {
  const invoice = await readInvoice(call, id);
  if (invoice === undefined || invoice.stripeInvoice === null)
    return refuse('not_found', 'There is no such final invoice.');
  const { state, company, currency, stripeInvoice } = invoice;
  if (state === 'uncollectible' && invoice.writeOff !== null) return finish(call, invoice, stripeInvoice);
  if (state !== 'open' || !isOverdue(invoice, call.now))
    return refuse('invoice_state', `Invoice ${id} is ${state}: only an open, overdue one can be written off.`);
  const disputed = await refusesDisputed(call, invoice);
  if (disputed !== undefined) return disputed;
  if (invoice.writeOff === null) {
    const proposal = { by: user, approvedBy: null, micros: invoice.remainingMicros, payments: [] };
    // First: what is listed and not proposed shows nowhere.
    await noteWriteOff(call, id);
    await changeInvoice(call, id, ['open'], { writeOff: proposal });
    return refuse(
      'second_person_needed',
      `You have proposed to write off invoice ${id} of ${company} in ${currency}; another person carries it out by the same call.`,
    );
  }
  const other = otherPerson(invoice.writeOff.by, user, `the write-off of ${id}`);
  if (!other.ok) return other;
  const payments = await readPayments(call, id);
  const micros = unpaidMicros(invoice, payments);
  const approved = { ...invoice.writeOff, approvedBy: user, micros, payments: payments.map((payment) => payment.id) };
  if (!(await changeProposal(call, invoice, approved)))
    return refuse('invoice_state', 'Invoice or proposal have changed since: look at them again.', { retryable: true });
  return finish(call, { ...invoice, writeOff: approved }, stripeInvoice);
}

/** Takes back what was proposed to be written off: whoever proposed it, or whoever will not carry it out. */
export async function withdrawWriteOff(
  call: Call,
  id: string,
): Promise<Result<Invoice, 'not_found' | 'invoice_state'>> {
  const invoice = await readInvoice(call, id);
  if (invoice === undefined) return refuse('not_found', 'There is no such invoice.');
  if (invoice.writeOff === null) return ok(invoice);
  const isProposed = invoice.state === 'open' && invoice.writeOff.approvedBy === null;
  if (!isProposed || !(await changeProposal(call, invoice, null)))
    return refuse('invoice_state', `The write-off of ${id} was carried out: what is paid later is booked back.`);
  await forgetWriteOff(call, id);
  return ok({ ...invoice, writeOff: null });
}

/** As long as the invoice is open and the proposal is the one that was read. */
async function changeProposal(
  call: Call,
  { id, writeOff: before }: Invoice,
  after: Invoice['writeOff'],
): Promise<boolean> {
  const when: Condition = [
    ['=', 'state', 'open'],
    ['=', 'writeOff', before],
  ];
  return (await call.tables.update('ledger', invoiceKey(id), { set: { writeOff: after } }, when)).ok;
}

async function finish(
  call: StripeCall,
  invoice: Invoice,
  stripeInvoice: string,
): Promise<Result<Invoice, StripeRefusal>> {
  const { id, company, currency } = invoice;
  const micros = invoice.writeOff?.micros ?? 0;
  const counted = countedFacts(invoice.writeOff?.payments ?? []);
  const marked = await onceAtStripe(call, {
    key: `unc:${id}`,
    make: (options) => call.stripe.invoices.markUncollectible(stripeInvoice, {}, options),
    find: async () => {
      const found = await call.stripe.invoices.retrieve(stripeInvoice);
      return found.status === 'uncollectible' ? found : undefined;
    },
    read: (known) => call.stripe.invoices.retrieve(known),
  });
  if (!marked.ok) return marked;
  const posted = await post(call, {
    event: writtenOffEvent(id),
    kind: 'written_off',
    occurredAt: (marked.value.status_transitions.marked_uncollectible_at ?? 0) * 1_000,
    currency,
    company,
    provider: null,
    legs: writtenOffLegs({ company, invoice: id }, micros),
    facts: {
      invoice: id,
      by: invoice.writeOff?.by ?? null,
      approvedBy: invoice.writeOff?.approvedBy ?? null,
      ...counted,
    },
  });
  if (posted === 'refused') throw new Error(`the write-off of ${id} was posted with other content`);
  // One that was kept since, and saw no write-off yet.
  await postPayments(call, id);
  await noteGivenUp(call, invoice);
  await changeInvoice(call, id, ['open'], { state: 'uncollectible' });
  await forgetDue(call, id);
  return ok({ ...invoice, state: 'uncollectible' });
}
