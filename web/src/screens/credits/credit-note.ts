/** What a credit note says of its cause and of where its money went. Pure. */
import type { CreditNoteView } from '../../../../shared/invoice/credit-note.ts';

export type CauseKind = 'dispute' | 'sla' | 'shortfall' | 'account';

/** A cause is its kind and what it names, such as `dispute.<id>`. */
export function causeOf(cause: string): { kind: CauseKind; dispute: string | null } {
  const [kind, ...rest] = cause.split('.');
  return { kind: kind as CauseKind, dispute: kind === 'dispute' ? rest.join('.') : null };
}

export type Part = { to: 'unpaid' | 'chargedBack' | 'credit' | 'refund' | 'next'; micros: number };

/** The parts that are something, in the order in which they are taken. They sum to net, tax and what lowers the next invoice. */
export function whereItWent(
  note: Pick<
    CreditNoteView,
    'unpaidMicros' | 'chargedBackMicros' | 'creditMicros' | 'refundMicros' | 'nextInvoiceMicros'
  >,
): Part[] {
  const parts: readonly Part[] = [
    { to: 'unpaid', micros: note.unpaidMicros },
    { to: 'chargedBack', micros: note.chargedBackMicros },
    { to: 'credit', micros: note.creditMicros },
    { to: 'refund', micros: note.refundMicros },
    { to: 'next', micros: note.nextInvoiceMicros },
  ];
  return parts.filter(({ micros }) => micros !== 0);
}
