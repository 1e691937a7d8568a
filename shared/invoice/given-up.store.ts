/**
 * Invoices that will not be collected, `GIVEN-UP` / `<month>#<invoice>`: each is listed before its state says so. They are
 * few, and who they are of decides whether pay is released before its time.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import type { Key } from '../kernel/table.ts';
import type { Invoice } from './invoice.ts';

const GIVEN_UP = 'GIVEN-UP';
const givenUpKey = ({ id, period }: Pick<Invoice, 'id' | 'period'>): Key => ({
  pk: GIVEN_UP,
  sk: `${period}#${id}`,
});

/** To be called before an invoice becomes uncollectible. One that is listed need not have become so, nor have stayed so. */
export async function noteGivenUp(call: Call, invoice: Pick<Invoice, 'id' | 'company' | 'period'>): Promise<void> {
  await call.tables.put('ledger', { ...givenUpKey(invoice), company: invoice.company });
}

/** The companies of all invoices of a month or later ones that are uncollectible, and perhaps some others. */
export async function givenUpSince(call: Call, period: string): Promise<Set<string>> {
  const listed = { pk: GIVEN_UP, from: period, consistent: true };
  const items = await call.tables.queryAll('ledger', z.object({ company: z.string() }), listed);
  return new Set(items.map(({ company }) => company));
}
