/** How simulated companies pay and simulated providers are paid: addresses, habits and lateness, drawn from the seed. */
import type * as z from 'zod';
import type { BillingProfileInput } from '../../../shared/billing-profile/billing-profile.ts';
import type { Invoice } from '../../../shared/invoice/invoice.ts';
import { DAY, fromIso } from '../../../shared/kernel/time.ts';
import type { PayoutProfileInput } from '../../../shared/payout/account.ts';
import type { Draw } from './draw.ts';

/** One in so many companies pays invoices by itself; of all companies one in thirty is late, or is declined once. */
const SHARE_BY_INVOICE = 0.1;
const SHARE_LATE = 1 / 60;
const SHARE_DECLINED = 1 / 60;
const DAYS_UNTIL_DUE = 14;
/** A company that is late pays so many days after the due date: more than ten, and its requests would pause. */
const LATE_DAYS = [3, 8] as const;

/** `card`: it is charged. `declined once`: its bank says no to the first charge. `invoice`: it pays in time. `late`: it does not. */
export type Payer = 'card' | 'declined once' | 'invoice' | 'late';

export function payerOf(draw: Draw, company: string): Payer {
  const share = draw.share('pays', company);
  if (share < SHARE_LATE) return 'late';
  if (share < SHARE_LATE + SHARE_DECLINED) return 'declined once';
  return share < SHARE_LATE + SHARE_DECLINED + SHARE_BY_INVOICE ? 'invoice' : 'card';
}

const isByInvoice = (payer: Payer): boolean => payer === 'invoice' || payer === 'late';

const CITIES = [
  ['Columbus', 'OH', '43215'],
  ['Denver', 'CO', '80202'],
  ['Portland', 'OR', '97204'],
  ['Tampa', 'FL', '33602'],
] as const;

function addressOf(draw: Draw, name: string): z.input<typeof BillingProfileInput>['address'] {
  const [city, state, postalCode] = CITIES[draw.whole(0, CITIES.length - 1, 'city', name)] ?? CITIES[0];
  return { line1: `${draw.whole(1, 999, 'house', name)} Main Street`, city, state, postalCode, country: 'US' };
}

export function billingProfileOf(
  draw: Draw,
  company: string,
  billingEmail: string,
): z.input<typeof BillingProfileInput> {
  const payer = payerOf(draw, company);
  const order = draw.share('purchase order', company) < 0.2;
  return {
    legalName: company.slice(0, 150),
    address: addressOf(draw, company),
    billingEmail,
    collectionMethod: isByInvoice(payer) ? 'send_invoice' : 'charge_automatically',
    daysUntilDue: DAYS_UNTIL_DUE,
    ...(order ? { purchaseOrder: { number: `PO-${draw.whole(1_000, 9_999, 'order', company)}` } } : {}),
  };
}

export const payoutProfileOf = (
  draw: Draw,
  provider: string,
  contactEmail: string,
): z.input<typeof PayoutProfileInput> => ({
  legalName: `${provider} Inc.`,
  address: addressOf(draw, provider),
  contactEmail,
});

/** When a company pays an open invoice by itself: some days before it is due, or after it where the company is late. */
export function paysAt(draw: Draw, company: string, invoice: Pick<Invoice, 'id' | 'finalizedAt' | 'dueAt'>): number {
  const final = fromIso(invoice.finalizedAt ?? '');
  const due = invoice.dueAt === null ? final + DAYS_UNTIL_DUE * DAY : fromIso(invoice.dueAt);
  if (payerOf(draw, company) === 'late') return due + draw.whole(...LATE_DAYS, 'late', invoice.id) * DAY;
  return final + (due - final) * draw.between(0.2, 0.95, 'in time', invoice.id);
}
