/**
 * Our invoices after Stripe's. What is stored is read before Stripe is asked, and written only where nobody wrote
 * meanwhile: so an older answer never replaces a newer one.
 */
import type Stripe from 'stripe';
import * as z from 'zod';
import type { Key } from '../kernel/table.ts';
import { SECOND } from '../kernel/time.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { announce } from '../webhook/webhook.store.ts';
import { noteGivenUp } from './given-up.store.ts';
import { Invoice } from './invoice.ts';
import { knownOwn, noteOwn } from './own.store.ts';
import { decideSync, overdueEvent, paymentFailedEvent, type SeenInvoice, type Synced } from './sync.ts';

const TRIES = 20;
const keyOf = (invoice: string): Key => ({ pk: `I#${invoice}`, sk: '-' });
const Status = z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']);
const Stored = Invoice.extend({ syncVersion: z.int().optional() });

/** `foreign`: not made by us. `not_final`: its close is about to make it final here; ask again later. */
export type SyncOutcome = { invoice: Invoice; stripe: Stripe.Invoice } | 'foreign' | 'not_final';

/**
 * Fetches an invoice, brings ours to what it has come to, and tells its company. One call to Stripe where nothing changes,
 * or this process knows which of ours it is: what was fetched before ours was read may say that nothing does, but only what
 * is fetched after it is written.
 */
export async function syncInvoice(call: StripeCall, stripeInvoice: string): Promise<SyncOutcome> {
  const known = await knownOwn(call, stripeInvoice);
  let stripe = known === undefined ? await call.stripe.invoices.retrieve(stripeInvoice) : undefined;
  const id = known ?? stripe?.metadata?.parley;
  if (id === undefined) return 'foreign';
  noteOwn(call, stripeInvoice, id);
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const stored = await call.tables.get('ledger', keyOf(id), Stored, { consistent: true });
    if (stored === undefined) return 'foreign';
    const { syncVersion, ...before } = stored;
    let synced = stripe === undefined ? undefined : decideSync(before, seenOf(stripe));
    if (stripe === undefined || synced === undefined || changes(before, synced)) {
      stripe = await call.stripe.invoices.retrieve(stripeInvoice);
      synced = decideSync(before, seenOf(stripe));
    }
    if (synced === undefined) return 'not_final';
    if (changes(before, synced) && !(await write(call, before, syncVersion, synced))) continue;
    await announce(call, ...synced.events);
    return { invoice: { ...before, ...synced.set }, stripe };
  }
  throw new Error(`the invoice ${id} kept changing`);
}

const changes = (before: Invoice, { set }: Synced): boolean =>
  Object.entries(set).some(([name, value]) => before[name as keyof Invoice] !== value);

/** False where somebody else has written since ours was read. */
async function write(
  call: StripeCall,
  before: Invoice,
  syncVersion: number | undefined,
  synced: Synced,
): Promise<boolean> {
  if (synced.set.state === 'uncollectible') await noteGivenUp(call, before);
  const set = { ...synced.set, syncVersion: (syncVersion ?? 0) + 1 };
  const written = await call.tables.update('ledger', keyOf(before.id), { set }, [
    ['present', 'pk'],
    ['=', 'state', before.state],
    syncVersion === undefined ? ['absent', 'syncVersion'] : ['=', 'syncVersion', syncVersion],
  ]);
  return written.ok;
}

/** Tells a company that an attempt to collect failed. */
export async function tellPaymentFailed(
  call: StripeCall,
  invoice: Invoice,
  attempt: number,
  at: number,
): Promise<void> {
  await announce(call, paymentFailedEvent(invoice, attempt, at));
}

/** Tells a company that an invoice is overdue, where it is. */
export async function tellOverdue(call: StripeCall, invoice: Invoice): Promise<void> {
  const event = overdueEvent(invoice, call.now);
  if (event !== undefined) await announce(call, event);
}

const msOf = (seconds: number | null): number | null => (seconds === null ? null : seconds * SECOND);

function seenOf(invoice: Stripe.Invoice): SeenInvoice {
  const { status_transitions: at } = invoice;
  return {
    status: Status.parse(invoice.status ?? 'draft'),
    number: invoice.number,
    paidCents: invoice.amount_paid,
    remainingCents: invoice.amount_remaining,
    creditedCents: invoice.pre_payment_credit_notes_amount,
    finalizedAt: msOf(at.finalized_at),
    dueAt: msOf(invoice.due_date),
    paidAt: msOf(at.paid_at),
    voidedAt: msOf(at.voided_at),
  };
}
