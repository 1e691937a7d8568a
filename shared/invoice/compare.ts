/** Whether an invoice at Stripe says what the ledger says, line by line: what differs, in words, or nothing. */
import { centsOf } from '../kernel/money.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';

export type LineAtStripe = { id: string; amount: number; currency: string; metadata: Record<string, string> };

/** The place of a line at Stripe among ours; 0 where it is none of ours. */
export const placeOf = (line: LineAtStripe): number => Number(line.metadata.line ?? 0);

export function differenceOf(
  invoice: Pick<Invoice, 'currency' | 'subtotalMicros'>,
  lines: readonly Pick<InvoiceLine, 'line' | 'micros'>[],
  atStripe: readonly LineAtStripe[],
): string | undefined {
  const sum = lines.reduce((total, line) => total + line.micros, 0);
  if (sum !== invoice.subtotalMicros)
    return `its lines sum to ${centsOf(sum)} cents, but ${centsOf(invoice.subtotalMicros)} were planned`;
  if (atStripe.length !== lines.length) return `it has ${atStripe.length} lines at Stripe and ${lines.length} here`;
  const found = new Map(atStripe.map((line) => [placeOf(line), line]));
  for (const { line, micros } of lines) {
    const other = found.get(line);
    if (other === undefined) return `line ${line} is missing at Stripe`;
    if (other.currency !== invoice.currency.toLowerCase()) return `line ${line} is in ${other.currency} at Stripe`;
    if (other.amount !== centsOf(micros))
      return `line ${line} is ${other.amount} cents at Stripe and ${centsOf(micros)} here`;
  }
  return undefined;
}
