/** Whether a close billed what was charged: against what was laid, line by line, in the ledger and at Stripe. */
import Stripe from 'stripe';
import { readClose } from '../../../shared/close/close.store.ts';
import { readInvoice, readLines } from '../../../shared/invoice/invoice.store.ts';
import { invoiceIdOf } from '../../../shared/invoice/invoice.ts';
import { readPlan } from '../../../shared/invoice/plan.store.ts';
import { type Call, mapConcurrent } from '../../../shared/kernel/call.ts';
import { monthOf } from '../../../shared/kernel/time.ts';
import { readPeriod } from '../../../shared/ledger/period.store.ts';
import { trialBalance } from '../../../shared/ledger/trial-balance.store.ts';
import type { LaidCompany } from './lay.ts';
import type { Access } from './stand-in.ts';

const CENT_MICROS = 10_000;
const SIDE_BY_SIDE = 16;
const MOST_SHOWN = 5;

export type Checked = {
  invoices: number;
  lines: number;
  chargedMicros: number;
  invoicedMicros: number;
  carriedMicros: number;
  failures: string[];
};

/** Reads every plan, invoice and line again, the trial balance and Stripe's own list. */
export async function checkClose(
  call: Call,
  access: Access,
  period: string,
  laid: readonly LaidCompany[],
): Promise<Checked> {
  const failures: string[] = [];
  const atStripe = await subtotalsAtStripe(access);
  const sums = { invoices: 0, lines: 0, chargedMicros: 0, invoicedMicros: 0, carriedMicros: 0 };
  await mapConcurrent(laid, SIDE_BY_SIDE, async (company) => {
    const billed = await checkCompany(call, period, company, atStripe, failures);
    sums.invoices += billed.lines > 0 ? 1 : 0;
    sums.lines += billed.lines;
    sums.chargedMicros += company.micros;
    sums.invoicedMicros += billed.micros;
    sums.carriedMicros += company.micros - billed.micros;
  });
  const worth = laid.filter(({ isBelowFloor }) => !isBelowFloor).length;
  if (sums.invoices !== worth) failures.push(`${sums.invoices} of ${worth} companies have an invoice`);
  if (atStripe.size !== worth) failures.push(`Stripe has ${atStripe.size} invoices, not ${worth}`);
  failures.push(...(await checkBooks(call, period, sums)));
  return { ...sums, failures: failures.slice(0, MOST_SHOWN) };
}

async function checkCompany(
  call: Call,
  period: string,
  company: LaidCompany,
  atStripe: ReadonlyMap<string, number>,
  failures: string[],
): Promise<{ lines: number; micros: number }> {
  const { id, micros, isBelowFloor } = company;
  const plan = await readPlan(call, id, 'USD', period);
  if (plan?.balanceMicros !== micros)
    failures.push(`${id} was charged ${micros}, its plan says ${plan?.balanceMicros}`);
  const invoice = await readInvoice(call, invoiceIdOf(id, 'USD', period, 0));
  if (invoice === undefined) {
    if (!isBelowFloor || plan?.reason !== 'below_floor') failures.push(`${id} has no invoice: ${plan?.reason}`);
    return { lines: 0, micros: 0 };
  }
  const lines = await readLines(call, invoice);
  const sum = lines.reduce((all, line) => all + line.micros, 0);
  const wholeCents = micros - (micros % CENT_MICROS);
  if (sum !== invoice.subtotalMicros || sum !== wholeCents)
    failures.push(
      `${invoice.id}: lines ${sum}, subtotal ${invoice.subtotalMicros}, charged in whole cents ${wholeCents}`,
    );
  if (invoice.state !== 'open') failures.push(`${invoice.id} is ${invoice.state}`);
  if (atStripe.get(invoice.id) !== sum)
    failures.push(`${invoice.id} is ${atStripe.get(invoice.id)} at Stripe, not ${sum}`);
  return { lines: lines.length, micros: sum };
}

/** What is unbilled and what is owed by the books; the month is closed there, and its close is done. */
async function checkBooks(
  call: Call,
  period: string,
  sums: { invoicedMicros: number; carriedMicros: number },
): Promise<string[]> {
  const balance = await trialBalance(call, monthOf(call.now), 'USD', { entries: Number.MAX_SAFE_INTEGER });
  if (!balance.ok) return [balance.detail];
  const closing = (account: string) =>
    balance.value.lines.filter((line) => line.account === account).reduce((all, line) => all + line.closingMicros, 0);
  const found: string[] = [];
  if (closing('1100') !== sums.carriedMicros)
    found.push(`1100 stands at ${closing('1100')}, charged less invoiced is ${sums.carriedMicros}`);
  if (closing('1200') !== sums.invoicedMicros)
    found.push(`1200 stands at ${closing('1200')}, invoiced is ${sums.invoicedMicros}`);
  const { state } = await readPeriod(call, period);
  if (state !== 'closed') found.push(`${period} is ${state} in the ledger`);
  const close = await readClose(call, period);
  if (close?.state !== 'done') found.push(`the close of ${period} is at '${close?.state}'`);
  return found;
}

/** Micro-units by our own id of the invoice, of those that are open. */
async function subtotalsAtStripe({ secretKey, port }: Access): Promise<Map<string, number>> {
  const stripe = new Stripe(secretKey, { host: '127.0.0.1', port, protocol: 'http', telemetry: false });
  const found = new Map<string, number>();
  for await (const { metadata, status, subtotal } of stripe.invoices.list({ limit: 100 }))
    if (status === 'open' && metadata?.parley !== undefined) found.set(metadata.parley, subtotal * CENT_MICROS);
  return found;
}
