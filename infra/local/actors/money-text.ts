/** The money of a replay for people: a few lines below the tables. */
import { formatMicros } from '../../../shared/kernel/money.ts';
import type { MoneyReport } from './money-report.ts';

const count = (n: number) => n.toLocaleString('en-US');
const listed = (counts: Record<string, number>, of: (n: number) => string = count) =>
  Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, n]) => `${of(n)} ${name.replaceAll('_', ' ')}`)
    .join(', ');

export function moneyLines(money: MoneyReport): string[] {
  const { months, invoices, creditNotes, payouts, reconciliation } = money;
  const open = months.open.map(({ month }) => month).join(', ');
  const why = Object.keys(payouts.because).length === 0 ? '' : ` (${listed(payouts.because, formatMicros)})`;
  return [
    `books      ${count(months.closed)} months closed through ${months.last ?? '–'}${open === '' ? '' : `, NOT CLOSED: ${open}`}`,
    `invoices   ${count(invoices.count)} (${listed(invoices.states)}): billed ${formatMicros(invoices.billedMicros)}, tax ${formatMicros(invoices.taxMicros)}, paid ${formatMicros(invoices.paidMicros)}, open ${formatMicros(invoices.openMicros)}, carried over ${formatMicros(invoices.carriedMicros)} USD; credit notes on ${count(creditNotes.invoices)}: ${formatMicros(creditNotes.micros)}`,
    `payouts    ${count(payouts.count)} to providers: ${formatMicros(payouts.paidMicros)} USD; ${count(payouts.waiting)} wait; still payable ${formatMicros(payouts.payableMicros)}${why}`,
    `market     keeps ${formatMicros(money.revenueMicros)} as an agent, Stripe's fees ${formatMicros(money.feesMicros)} USD`,
    `stripe     ${reconciliation.state === 'done' && reconciliation.breaks === 0 ? 'says the same' : `DIFFERS in ${count(reconciliation.breaks)}`}: ${reconciliation.compared.map(({ comparison, subjects }) => `${comparison.replaceAll('_', ' ')} ${count(subjects)}`).join(', ')}`,
  ];
}
