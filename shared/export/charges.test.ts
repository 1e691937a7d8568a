import { describe, expect, it } from 'vitest';
import type { EntryView, Leg } from '../ledger/ledger.ts';
import { chargeLegs, slaCreditLegs } from '../ledger/postings/charge.ts';
import { slaCreditNoteLegs } from '../ledger/postings/credit-note.ts';
import { acceptedByCreditNoteLegs, acceptedLegs, NO_SLA, openedLegs } from '../ledger/postings/dispute.ts';
import { invoiceFinalLegs, invoiceVoidLegs } from '../ledger/postings/invoice.ts';
import { type BilledMonth, billedOf } from './billed.ts';
import { costMicros, ownMicros } from './charges.ts';

const [COMPANY, PROVIDER, INVOICE] = ['co_a', 'pr_b', 'co_a.USD.2026-01.v0'];
const OF = { company: COMPANY, invoice: INVOICE };
// P = 1.00 = b 0.90 + f 0.07 + x 0.03
const RATED = { priceMicros: 1_000_000, bidMicros: 900_000, feeMicros: 70_000, poolMicros: 30_000 };
const HELD = {
  company: COMPANY,
  provider: PROVIDER,
  priceMicros: 1_000_000,
  ownMicros: 900_000,
  feeMicros: 70_000,
};
const BACK = { priceMicros: 1_000_000, ownMicros: 900_000, othersMicros: 0, feeMicros: 70_000, poolMicros: 30_000 };
const POOL = { account: '2400', of: 'q#1' } as const;
const NOTE = {
  netMicros: 990_000,
  taxMicros: 200_000,
  unpaidMicros: 1_000_000,
  lostMicros: 90_000,
  creditMicros: 100_000,
  refundMicros: 0,
};

const entry = (kind: EntryView['kind'], legs: Leg[], facts: EntryView['facts'] = {}): EntryView => ({
  event: 'e',
  kind,
  occurredAt: '2026-01-05T09:00:00.000Z',
  period: '2026-01',
  currency: 'USD',
  legs,
  facts,
});
const parties = { company: COMPANY, provider: PROVIDER, queue: 'q', round: 1, isRoundClosed: false };

describe('what an entry costs its company', () => {
  it.each([
    ['a charge, its price', 'charge', chargeLegs(RATED, parties), 1_000_000],
    ['an SLA credit, what it takes off', 'sla_credit', slaCreditLegs(RATED, 1_000, parties), -100_000],
    ['a dispute that is opened, nothing yet', 'dispute_opened', openedLegs(HELD, false), 0],
    ['one that is accepted, all of the charge', 'dispute_accepted', acceptedLegs(HELD, BACK, NO_SLA, POOL), -1_000_000],
    ['an invoice with tax, nothing', 'invoice_final', invoiceFinalLegs(OF, 1_000_000, 200_000), 0],
    ['its void, nothing', 'invoice_void', invoiceVoidLegs(OF, 1_000_000, 200_000, 0), 0],
  ] as const)('of %s', (_what, kind, legs, cost) => {
    expect(costMicros(entry(kind, [...legs]), COMPANY)).toBe(cost);
  });

  it('of a credit note, what it gives back without tax, whether unpaid, lost, credited or left for the next invoice', () => {
    const credit = { provider: PROVIDER, providerMicros: 900_000, marketMicros: 95_000 };
    const note = entry('credit_note', slaCreditNoteLegs(credit, NOTE, OF));
    expect(costMicros(note, COMPANY)).toBe(-995_000);
    expect(ownMicros(note, COMPANY)).toBe(-5_000);
    const company: Leg[] = [
      { account: '2500', of: null, micros: 200_000 },
      { account: '1200', of: INVOICE, micros: -1_200_000 },
    ];
    const accepted = entry('dispute_accepted', acceptedByCreditNoteLegs(HELD, BACK, NO_SLA, POOL, company));
    expect(costMicros(accepted, COMPANY)).toBe(-1_000_000);
  });
});

describe('the invoice that an entry is billed on', () => {
  const profile = { costCentre: 'CC-1', order: null };
  const open: BilledMonth = {
    period: '2026-01',
    invoiced: { invoice: null, reason: 'not_closed' },
    invoice: null,
    profile,
  };
  const final: BilledMonth = {
    ...open,
    invoiced: { invoice: INVOICE, reason: null },
    invoice: { id: INVOICE, costCentre: 'CC-0', purchaseOrder: 'PO-1' },
  };
  const charge = entry('charge', chargeLegs(RATED, parties));
  const late = entry('sla_credit', slaCreditLegs(RATED, 1_000, parties), { closedPeriod: '2025-12' });

  it('is its month’s once that is final, with the order and cost centre that stand on it', () => {
    expect(billedOf(charge, final)).toEqual({ invoice: INVOICE, because: null, costCentre: 'CC-0', order: 'PO-1' });
  });

  it.each([
    [open, 'the month is not closed'],
    [{ ...final, invoice: null }, 'its invoice is not final'],
    [{ ...open, invoiced: { invoice: null, reason: 'below_floor' } }, 'carried over: too little for an invoice'],
  ] as const)('is none before, and says why', (month, because) => {
    expect(billedOf(charge, month)).toEqual({ ...profile, invoice: null, because });
  });

  it('is not known of what lowers an earlier month, and is itself of what moves an invoice', () => {
    expect(billedOf(late, final)).toMatchObject({ invoice: null, because: expect.stringContaining('first invoice') });
    const moved = entry('invoice_final', invoiceFinalLegs(OF, 1_000_000, 0), { invoice: INVOICE });
    expect(billedOf(moved, open)).toMatchObject({ invoice: INVOICE, because: null });
  });
});
