/** The postings of invoices: final, void, credit applied, written off and reinstated. */
import { kept } from '../entry.ts';
import type { Leg } from '../ledger.ts';

export type InvoiceParties = { company: string; invoice: string };

/** Final over I with tax T: 1200 I + T to 1100 I and 2500 T. */
export const invoiceFinalLegs = (of: InvoiceParties, subtotalMicros: number, taxMicros: number): Leg[] =>
  kept([
    { account: '1200', of: of.invoice, micros: subtotalMicros + taxMicros },
    { account: '1100', of: of.company, micros: -subtotalMicros },
    { account: '2500', of: null, micros: -taxMicros },
  ]);

/** Voided: what it billed is unbilled again; what is unpaid goes, and credit that was applied is credit again. */
export const invoiceVoidLegs = (
  of: InvoiceParties,
  subtotalMicros: number,
  taxMicros: number,
  appliedMicros: number,
): Leg[] =>
  kept([
    { account: '1100', of: of.company, micros: subtotalMicros },
    { account: '2500', of: null, micros: taxMicros },
    { account: '1200', of: of.invoice, micros: appliedMicros - subtotalMicros - taxMicros },
    { account: '2200', of: of.company, micros: -appliedMicros },
  ]);

/** Customer credit is set off against what an invoice has open. */
export const creditAppliedLegs = (of: InvoiceParties, micros: number): Leg[] =>
  kept([
    { account: '2200', of: of.company, micros },
    { account: '1200', of: of.invoice, micros: -micros },
  ]);

/** What is unpaid is given up. */
export const writtenOffLegs = (of: InvoiceParties, micros: number): Leg[] =>
  kept([
    { account: '5200', of: null, micros },
    { account: '1200', of: of.invoice, micros: -micros },
  ]);

/** The reverse, before late cash comes in. */
export const reinstatedLegs = (of: InvoiceParties, micros: number): Leg[] => writtenOffLegs(of, -micros);
