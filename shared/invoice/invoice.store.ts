/** Invoices `I#<invoice>` / `-` and their lines `L#<nnnnn>`. */
import type { Call } from '../kernel/call.ts';
import type { Key } from '../kernel/table.ts';
import { Invoice, InvoiceLine } from './invoice.ts';

export const invoiceKey = (invoice: string): Key => ({ pk: `I#${invoice}`, sk: '-' });
export const lineKey = (invoice: string, kind: 'L' | 'D', line: number): Key => ({
  pk: `I#${invoice}`,
  sk: `${kind}#${String(line).padStart(5, '0')}`,
});

export async function readInvoice(call: Call, invoice: string): Promise<Invoice | undefined> {
  return call.tables.get('ledger', invoiceKey(invoice), Invoice, { consistent: true });
}

/** The lines of an invoice in their order. */
export async function readLines(call: Call, invoice: Invoice): Promise<InvoiceLine[]> {
  return call.tables.queryAll('ledger', InvoiceLine, { pk: `I#${invoice.id}`, prefix: 'L#', consistent: true });
}
