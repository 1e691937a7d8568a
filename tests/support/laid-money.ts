/** Money of the small market in which every kind of thing exists once: as it is stored, without the months that lead to it. */
import { signDetailLink } from '../../shared/invoice/detail-link.ts';
import { invoiceKey, invoiceList, lineKey } from '../../shared/invoice/invoice.store.ts';
import { type Invoice, type InvoiceLine, invoiceIdOf } from '../../shared/invoice/invoice.ts';
import type { Call } from '../../shared/kernel/call.ts';
import type { SigningKeys } from '../../shared/kernel/sign.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import { chargeEvent, post } from '../../shared/ledger/ledger.store.ts';
import { chargeLegs } from '../../shared/ledger/postings/charge.ts';
import { payoutKey } from '../../shared/payout/payout.store.ts';
import { type Payout, payoutIdOf } from '../../shared/payout/payout.ts';

type Charged = { company: string; provider: string; queue: string; request: string };

/** A confirmed resolution of 1.00, of which the provider has 0.90. */
export async function layCharge(call: Call, { request, ...of }: Charged): Promise<void> {
  const parties = { ...of, round: 1 };
  const rated = { priceMicros: 1_000_000, bidMicros: 900_000, feeMicros: 100_000, poolMicros: 0 };
  await post(call, {
    event: chargeEvent(request),
    kind: 'charge',
    occurredAt: call.now,
    currency: 'USD',
    company: of.company,
    provider: of.provider,
    legs: chargeLegs(rated, { ...parties, isRoundClosed: false }),
    facts: {
      ...parties,
      request,
      outcome: 'confirmed',
      route: 'slot',
      lease: `72-168.1770023100000.0.${request}.${'L'.repeat(22)}`,
      ...rated,
    },
  });
}

/** An open invoice with one line, and the link to its detail. */
export async function layInvoice(
  tables: Tables,
  company: string,
  signingKey: SigningKeys,
): Promise<{ invoice: string; detailLink: string }> {
  const id = invoiceIdOf(company, 'USD', '2025-12', 0);
  const at = '2026-01-02T09:00:00.000Z';
  const invoice: Invoice = {
    id,
    company,
    currency: 'USD',
    period: '2025-12',
    version: 0,
    state: 'open',
    since: '2025-12',
    subtotalMicros: 3e7,
    taxMicros: 0,
    totalMicros: 3e7,
    remainingMicros: 3e7,
    creditAppliedMicros: 0,
    paidMicros: 0,
    availableMicros: 0,
    creditedMicros: 0,
    automaticTax: false,
    collectionMethod: 'send_invoice',
    stripeInvoice: null,
    number: null,
    daysUntilDue: 30,
    purchaseOrder: null,
    costCentre: null,
    lines: 1,
    details: 0,
    held: null,
    writeOff: null,
    plannedAt: at,
    finalizedAt: at,
    dueAt: at,
    paidAt: null,
  };
  const line: InvoiceLine = {
    line: 1,
    kind: 'confirmed',
    queue: null,
    round: null,
    quantity: 30,
    micros: 3e7,
    creditedMicros: 0,
    description: 'Resolutions',
  };
  const listed = { cpk: invoiceList(company), csk: '2025-12#USD#000' };
  await tables.put('ledger', { ...invoiceKey(id), ...invoice, ...listed });
  await tables.put('ledger', { ...lineKey(id, 'L', 1), ...line });
  return { invoice: id, detailLink: await signDetailLink(signingKey, invoice) };
}

/** A payout that was made. */
export async function layPayout(tables: Tables, provider: string): Promise<string> {
  const payout: Payout & { account: string; failedAt: null } = {
    id: payoutIdOf(provider, 'USD', 'week-2026-01-05'),
    run: 'week-2026-01-05',
    provider,
    currency: 'USD',
    account: 'acct_laid',
    state: 'paid',
    amountMicros: 1_000_000,
    carriedInMicros: 0,
    linesMicros: 1_000_000,
    carriedOutMicros: 0,
    lines: 0,
    transfer: 'tr_laid',
    reversedMicros: 0,
    reason: null,
    preparedAt: '2026-01-05T06:00:00.000Z',
    paidAt: '2026-01-05T06:00:00.000Z',
    failedAt: null,
  };
  await tables.put('ledger', { ...payoutKey(payout.id), ...payout });
  return payout.id;
}
