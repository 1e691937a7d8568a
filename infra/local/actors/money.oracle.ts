/** A month of money small enough to add up by hand: for tests of the report. */
import type { Invoice } from '../../../shared/invoice/invoice.ts';
import type { AccountCode, AccountLine } from '../../../shared/ledger/ledger.ts';
import type { Payout } from '../../../shared/payout/payout.ts';
import type { MoneyFacts } from './money-report.ts';

const line = (account: AccountCode, closingMicros: number): AccountLine => ({
  account,
  name: '',
  of: null,
  openingMicros: 0,
  debitMicros: 0,
  creditMicros: 0,
  closingMicros,
});

const invoice = (changed: Partial<Invoice>): Invoice => ({
  id: 'co_aaaa.USD.2024-01.v0',
  company: 'co_aaaa',
  currency: 'USD',
  period: '2024-01',
  version: 0,
  state: 'paid',
  subtotalMicros: 0,
  taxMicros: 0,
  totalMicros: 0,
  creditAppliedMicros: 0,
  paidMicros: 0,
  availableMicros: 0,
  creditedMicros: 0,
  remainingMicros: 0,
  collectionMethod: 'charge_automatically',
  stripeInvoice: 'in_1',
  number: 'N-1',
  daysUntilDue: 14,
  automaticTax: false,
  purchaseOrder: null,
  costCentre: null,
  since: '2024-01',
  lines: 1,
  details: 0,
  held: null,
  writeOff: null,
  plannedAt: '2024-02-01T02:00:00.000Z',
  finalizedAt: '2024-02-01T03:00:00.000Z',
  dueAt: '2024-02-15T03:00:00.000Z',
  paidAt: null,
  ...changed,
});

const payout = (changed: Partial<Payout>): Payout => ({
  id: 'pr_aaaa.USD.week',
  run: 'week',
  provider: 'pr_aaaa',
  currency: 'USD',
  state: 'paid',
  amountMicros: 0,
  carriedInMicros: 0,
  linesMicros: 0,
  carriedOutMicros: 0,
  lines: 1,
  transfer: 'tr_1',
  reversedMicros: 0,
  reason: null,
  preparedAt: '2024-03-04T12:00:00.000Z',
  paidAt: null,
  ...changed,
});

const facts: MoneyFacts = {
  months: { closed: 1, last: '2024-01', open: [] },
  invoices: [
    invoice({ subtotalMicros: 50_000_000, paidMicros: 45_000_000, creditedMicros: 5_000_000 }),
    invoice({ state: 'open', subtotalMicros: 20_000_000, remainingMicros: 20_000_000 }),
    invoice({ state: 'void', subtotalMicros: 9_000_000 }),
  ],
  chargedMicros: 70_004_000,
  accounts: [
    line('1100', 4_000),
    line('2100', -3_000_000),
    line('4100', -6_000_000),
    line('4200', -1_000_000),
    line('5400', 2_000_000),
    line('5100', 2_000_000),
  ],
  payouts: [payout({ amountMicros: 40_000_000, reversedMicros: 1_000_000 }), payout({ state: 'waiting' })],
  payables: [
    {
      currency: 'USD',
      payableMicros: 1e6,
      carriedInMicros: 0,
      waitingMicros: 2e6,
      changesMicros: 0,
      waiting: [
        {
          period: '2024-01',
          company: 'co_aaaa',
          kind: 'charges',
          micros: 2e6,
          because: 'not_collected',
          expectedAt: null,
        },
      ],
    },
  ],
  reconciliation: {
    id: 'r',
    state: 'done',
    breaks: 0,
    serious: 0,
    found: [],
    compared: [
      {
        comparison: 'invoices',
        subjects: 4,
      },
    ],
  },
};

export const monthly = { facts, invoice, line, payout };
