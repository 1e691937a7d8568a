/** Which invoice bills a charge, and until when it can be disputed. Pure. */
import type { Invoice } from '../../../../shared/invoice/invoice.ts';
import { monthOf } from '../../ui/months.ts';

const DAY_MS = 86_400_000;
const NO_BILL: readonly Invoice['state'][] = ['void', 'dropped'];

type Billing = Pick<Invoice, 'id' | 'currency' | 'since' | 'period' | 'state' | 'finalizedAt'>;

/** The invoice of a company that bills what was settled at an instant; undefined where none does yet. */
export function invoiceOf<I extends Billing>(
  charge: { settledAt: string; currency: string },
  invoices: readonly I[],
): I | undefined {
  const month = monthOf(Date.parse(charge.settledAt));
  return invoices.find(
    ({ currency, since, period, state }) =>
      currency === charge.currency && since <= month && month <= period && !NO_BILL.includes(state),
  );
}

/** When its time to be disputed is over, in milliseconds; null while its invoice is not final. */
export const disputableUntil = (invoice: Pick<Invoice, 'finalizedAt'> | undefined, days: number): number | null =>
  invoice?.finalizedAt == null ? null : Date.parse(invoice.finalizedAt) + days * DAY_MS;
