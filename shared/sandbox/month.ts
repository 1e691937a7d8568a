/**
 * A finished practice month: what resolutions come to on an invoice, in a dispute and in a payout. The requests are made up;
 * every amount of them is worked out and posted by the functions that do it in earnest. Nothing of it is stored.
 */
import { kept } from '../ledger/entry.ts';
import { ACCOUNTS, type AccountCode, type EntryKind, type Leg } from '../ledger/ledger.ts';
import { paidLegs, paymentLegs, transferLegs } from '../ledger/postings/cash.ts';
import { chargeLegs, type Rated, rate, slaCreditLegs } from '../ledger/postings/charge.ts';
import { creditNoteLegs, NO_CREDIT_NOTE } from '../ledger/postings/credit-note.ts';
import { acceptedByCreditNoteLegs, NO_SLA, openedLegs } from '../ledger/postings/dispute.ts';
import { invoiceFinalLegs } from '../ledger/postings/invoice.ts';
import { payoutLegs } from '../ledger/postings/payout.ts';
import { SANDBOX_PRICE_MICROS, SANDBOX_TERMS, sandboxOf } from './sandbox.ts';

/** What became of the month's fifty requests; of those confirmed, two were late. */
const COUNTS = { confirmed: 40, assumed: 8, notBilled: 2, late: 2 } as const;

/** So many entries of one kind, all with these legs. */
export type MonthStep = { kind: EntryKind; count: number; legs: readonly Leg[] };
export type PracticeMonth = {
  currency: 'USD';
  counts: typeof COUNTS;
  /** What one resolution is charged and paid: confirmed, and where the customer stayed silent. */
  confirmed: Rated;
  assumed: Rated;
  /** Micro-units: credited for one that was late, on the invoice, given back by the dispute, paid, paid out, kept as fee. */
  slaCreditMicros: number;
  invoicedMicros: number;
  disputedMicros: number;
  paidMicros: number;
  payoutMicros: number;
  feeMicros: number;
  steps: readonly MonthStep[];
  /** Every account that moved, debits positive: together nothing. */
  balances: readonly { account: AccountCode; name: string; micros: number }[];
};

/** The practice month of an organisation's sandbox: it is the same each time. */
export function practiceMonth(owner: string): PracticeMonth {
  const { company, provider, queue } = sandboxOf(owner);
  const parties = { company, provider, queue, round: 1, isRoundClosed: false };
  const invoice = `${company}.USD.practice.v1`;
  const { feeBps, assumedRateBps, slaCreditBps } = SANDBOX_TERMS;
  const bid = SANDBOX_PRICE_MICROS;
  const price = rate({ ...FULL, priceMicros: 0, bidMicros: bid, offeredBidMicros: bid, feeBps, assumedRateBps });
  const rated = (outcome: 'confirmed' | 'assumed') =>
    rate({
      outcome,
      route: 'slot',
      priceMicros: price.priceMicros,
      bidMicros: bid,
      offeredBidMicros: null,
      feeBps,
      assumedRateBps,
    });
  const [confirmed, assumed] = [rated('confirmed'), rated('assumed')];
  const held = {
    company,
    provider,
    priceMicros: confirmed.priceMicros,
    ownMicros: bid,
    feeMicros: confirmed.feeMicros,
  };
  const back = { ...held, othersMicros: 0, poolMicros: confirmed.poolMicros };
  const note = { ...NO_CREDIT_NOTE, netMicros: back.priceMicros, unpaidMicros: back.priceMicros };

  const work: MonthStep[] = [
    { kind: 'charge', count: COUNTS.confirmed, legs: chargeLegs(confirmed, parties) },
    { kind: 'charge', count: COUNTS.assumed, legs: chargeLegs(assumed, parties) },
    { kind: 'sla_credit', count: COUNTS.late, legs: slaCreditLegs(confirmed, slaCreditBps, parties) },
  ];
  const invoicedMicros = standing(work, '1100');
  const paidMicros = invoicedMicros - note.unpaidMicros;
  const billed: MonthStep[] = [
    ...work,
    once('invoice_final', invoiceFinalLegs({ company, invoice }, invoicedMicros, 0)),
    once('dispute_opened', openedLegs(held, true)),
    once(
      'dispute_accepted',
      acceptedByCreditNoteLegs(
        held,
        back,
        NO_SLA,
        { account: '2400', of: queue },
        creditNoteLegs(note, back.priceMicros, { company, invoice }),
      ),
    ),
    once('paid', paidLegs('1390', invoice, company, { invoiceMicros: paidMicros, overpaidMicros: 0 })),
    once('balance_created', paymentLegs('1310', paidMicros, 0)),
  ];
  const payoutMicros = 0 - standing(billed, '2100');
  const steps: MonthStep[] = [
    ...billed,
    once('payout', payoutLegs(provider, payoutMicros)),
    once('payout_done', transferLegs('1310', provider, payoutMicros)),
  ];
  return {
    currency: 'USD',
    counts: COUNTS,
    confirmed,
    assumed,
    slaCreditMicros: 0 - standing([{ ...work[2]!, count: 1 }], '1100'),
    invoicedMicros,
    disputedMicros: back.priceMicros,
    paidMicros,
    payoutMicros,
    feeMicros: 0 - standing(steps, '4100'),
    steps,
    balances: balancesOf(steps),
  };
}

/** A standing bid taken at the full rate: its price is the bid with the fee. */
const FULL = { outcome: 'confirmed', route: 'overflow' } as const;

const once = (kind: EntryKind, legs: Leg[]): MonthStep => ({ kind, count: 1, legs: kept(legs) });

/** What stands in an account after some steps, in micro-units. */
const standing = (steps: readonly MonthStep[], account: AccountCode): number =>
  steps.reduce(
    (sum, { count, legs }) =>
      sum + count * legs.reduce((of, leg) => of + (leg.account === account ? leg.micros : 0), 0),
    0,
  );

function balancesOf(steps: readonly MonthStep[]): PracticeMonth['balances'] {
  const accounts = [...new Set(steps.flatMap(({ legs }) => legs.map(({ account }) => account)))].sort();
  return accounts.map((account) => ({
    account,
    name: ACCOUNTS[account].name,
    micros: standing(steps, account),
  }));
}
