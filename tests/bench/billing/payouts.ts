/** A payout run after the close: every provider is paid, and what Stripe is asked for it is counted. */
import Stripe from 'stripe';
import { changeInvoice, readInvoice } from '../../../shared/invoice/invoice.store.ts';
import { type Invoice, invoiceIdOf } from '../../../shared/invoice/invoice.ts';
import { mapConcurrent } from '../../../shared/kernel/call.ts';
import type { Tables } from '../../../shared/kernel/table.ts';
import { DAY, iso } from '../../../shared/kernel/time.ts';
import { listOrganisations } from '../../../shared/organisation/organisation.store.ts';
import { onboardingLink, putPayoutProfile, refreshAccount } from '../../../shared/payout/account.store.ts';
import { PayoutProfileInput } from '../../../shared/payout/account.ts';
import { approveRun, makeRun, readRun, workRun } from '../../../shared/payout/run.store.ts';
import type { StripeCall } from '../../../shared/stripe-call/stripe-call.store.ts';
import type { LaidCompany } from './lay.ts';
import { callsSince, type StandInProcess } from './stand-in.ts';

const SIDE_BY_SIDE = 16;
/** Charges can be disputed for 30 days after their invoice is final. */
const WINDOW = 31 * DAY;
const PAGES = { returnUrl: 'https://parley.example/back', refreshUrl: 'https://parley.example/again' };
const MOST_STEPS = 1_000;

export type PayoutCounts = Awaited<ReturnType<typeof measurePayouts>>;

/** All invoices count as collected; then a run is collected, approved and paid as the consumer of `stripe-out` does it. */
export async function measurePayouts(
  tables: Tables,
  standIn: StandInProcess,
  { period, laid, now }: { period: string; laid: readonly LaidCompany[]; now: number },
) {
  const { secretKey, port } = standIn.access;
  const stripe = new Stripe(secretKey, { host: '127.0.0.1', port, protocol: 'http', telemetry: false });
  const call: StripeCall = { tables, stripe, now: now + WINDOW };
  await collectAll(call, period, laid);
  await openAccounts(call, port);
  await fund(stripe, laid);
  const before = await standIn.counted();
  const from = performance.now();
  const { run } = await makeRun(call, 'bench', 'maker');
  await workUntil(call, run, 'proposed');
  const approved = await approveRun(call, run, 'checker');
  if (!approved.ok) throw new Error(approved.detail);
  const { totals } = await workUntil(call, run, 'done');
  const seconds = (performance.now() - from) / 1_000;
  const calls = callsSince(before, await standIn.counted());
  const payouts = totals.reduce((sum, one) => sum + one.payouts, 0);
  const paid = (await stripe.transfers.list({ limit: 100 })).data.reduce((sum, { amount }) => sum + amount, 0);
  const proposed = totals.reduce((sum, { amountMicros }) => sum + amountMicros, 0);
  const failures = paid * 10_000 === proposed && payouts > 0 ? [] : [`paid ${paid} cents, proposed ${proposed}`];
  return { payouts, seconds, calls, failures };
}

/** Invoices as they stand when all their cash is available. */
async function collectAll(call: StripeCall, period: string, laid: readonly LaidCompany[]): Promise<void> {
  await mapConcurrent(laid, SIDE_BY_SIDE, async ({ id }) => {
    const invoice = await readInvoice(call, invoiceIdOf(id, 'USD', period, 0));
    if (invoice === undefined) return;
    const { totalMicros } = invoice;
    const set: Partial<Invoice> = {
      state: 'paid',
      paidMicros: totalMicros,
      availableMicros: totalMicros,
      remainingMicros: 0,
      paidAt: iso(call.now),
    };
    await changeInvoice(call, invoice.id, ['open'], set);
  });
}

async function openAccounts(call: StripeCall, port: number): Promise<void> {
  const { items } = await listOrganisations(call.tables, 'provider', { limit: 100 });
  for (const { id, name } of items) {
    const profile = {
      legalName: name,
      address: { line1: '1 Quay', city: 'Cork', country: 'IE' },
      contactEmail: 'pay@provider.example',
    };
    await putPayoutProfile(call, id, PayoutProfileInput.parse(profile));
    const link = await onboardingLink(call, id, PAGES);
    if (!link.ok) throw new Error(link.detail);
    const account = (await refreshAccount(call, id))?.account;
    await press(port, 'complete_onboarding', { account });
    await refreshAccount(call, id);
  }
}

/** As much as all companies were charged, available at once. */
async function fund(stripe: Stripe, laid: readonly LaidCompany[]): Promise<void> {
  const amount = Math.ceil(laid.reduce((sum, { micros }) => sum + micros, 0) / 10_000);
  // Stripe takes 999,999.99 at once.
  for (let left = amount * 2; left > 0; left -= 99_999_999)
    await stripe.paymentIntents.create({
      amount: Math.min(left, 99_999_999),
      currency: 'usd',
      confirm: true,
      payment_method: 'pm_card_bypassPending',
    });
}

async function press(port: number, action: string, params: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/local/actions/${action}`, {
    method: 'POST',
    body: JSON.stringify(params),
  });
  if (!answer.ok) throw new Error(`the stand-in answered ${answer.status} to ${action}: ${await answer.text()}`);
}

async function workUntil(call: StripeCall, run: string, state: 'proposed' | 'done') {
  for (let step = 0; step < MOST_STEPS; step++) {
    const found = await readRun(call, run);
    if (found?.state === state) return found;
    await workRun(call, run);
  }
  throw new Error(`the run did not come to '${state}'`);
}
