/** What the credit notes on an invoice gave back, and where that went. Pure; money in micro-units, tax included. */
import type { CreditNoteView } from '../../../../shared/invoice/credit-note.ts';

export type Credited = {
  notes: number;
  /** All of it. */
  micros: number;
  /** Taken off what was still to be paid: the only part that lowers what is left of the invoice. */
  unpaidMicros: number;
  creditMicros: number;
  refundMicros: number;
  chargedBackMicros: number;
};
type Of = Pick<
  CreditNoteView,
  'netMicros' | 'taxMicros' | 'unpaidMicros' | 'creditMicros' | 'refundMicros' | 'chargedBackMicros'
>;

export function creditedBy(notes: readonly Of[]): Credited {
  const sum = (pick: (note: Of) => number): number => notes.reduce((total, note) => total + pick(note), 0);
  return {
    notes: notes.length,
    micros: sum(({ netMicros, taxMicros }) => netMicros + taxMicros),
    unpaidMicros: sum(({ unpaidMicros }) => unpaidMicros),
    creditMicros: sum(({ creditMicros }) => creditMicros),
    refundMicros: sum(({ refundMicros }) => refundMicros),
    chargedBackMicros: sum(({ chargedBackMicros }) => chargedBackMicros),
  };
}

/** Where it went: the parts that are something. */
export function partsOf(
  credited: Credited,
): readonly (readonly ['unpaid' | 'credit' | 'refund' | 'chargedBack', number])[] {
  const all = [
    ['unpaid', credited.unpaidMicros],
    ['credit', credited.creditMicros],
    ['refund', credited.refundMicros],
    ['chargedBack', credited.chargedBackMicros],
  ] as const;
  return all.filter(([, micros]) => micros !== 0);
}
