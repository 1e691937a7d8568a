/** The company's side of a credit note: tax, what was unpaid, what was charged back and lost, and what is given back. */
import { asMicros } from '../../kernel/money.ts';
import { kept } from '../entry.ts';
import type { Leg } from '../ledger.ts';

/** What a credit note came to at Stripe, in micro-units of whole cents. C + t = unpaid + lost + credit + refund. */
export type CreditNoteAmounts = {
  /** C: taken off the invoice's lines, without tax. */
  netMicros: number;
  /** t: Stripe's tax on it. */
  taxMicros: number;
  /** Taken off what is still to be paid. */
  unpaidMicros: number;
  /** What the company has back already, by a chargeback that the market lost. */
  lostMicros: number;
  /** To the company's credit at Stripe. */
  creditMicros: number;
  /** To be paid back. */
  refundMicros: number;
};

export const NO_CREDIT_NOTE: CreditNoteAmounts = {
  netMicros: 0,
  taxMicros: 0,
  unpaidMicros: 0,
  lostMicros: 0,
  creditMicros: 0,
  refundMicros: 0,
};

/**
 * 2500 t | 1200 what is unpaid · 5300 what was charged back and lost · 2200 or 2600 the rest · 1100 what no line could
 * take, so that the next invoice is lower by it. `givenBackMicros` is all that the company gets back without tax, C and that.
 */
export const creditNoteLegs = (
  note: CreditNoteAmounts,
  givenBackMicros: number,
  of: { company: string; invoice: string },
): Leg[] =>
  kept([
    { account: '2500', of: null, micros: note.taxMicros },
    { account: '1200', of: of.invoice, micros: -note.unpaidMicros },
    { account: '5300', of: null, micros: -note.lostMicros },
    { account: '2200', of: of.company, micros: -note.creditMicros },
    { account: '2600', of: of.company, micros: -note.refundMicros },
    { account: '1100', of: of.company, micros: asMicros(note.netMicros - givenBackMicros) },
  ]);

/** An SLA credit of a charge that was invoiced: the provider at fault bears its share, the market the rest. */
export const slaCreditNoteLegs = (
  credit: { provider: string; providerMicros: number; marketMicros: number },
  note: CreditNoteAmounts,
  of: { company: string; invoice: string },
): Leg[] =>
  kept([
    { account: '2100', of: credit.provider, micros: credit.providerMicros },
    { account: '4190', of: null, micros: credit.marketMicros },
    ...creditNoteLegs(note, credit.providerMicros + credit.marketMicros, of),
  ]);
