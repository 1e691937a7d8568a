import { describe, expect, it } from 'vitest';
import { causeOf, whereItWent } from './credit-note.ts';

describe('a credit note', () => {
  it('leads to the dispute that caused it', () => {
    expect(causeOf('dispute.co_abcd.aaaaaaaaaaaaaaaaaaaaaa.d1')).toEqual({
      kind: 'dispute',
      dispute: 'co_abcd.aaaaaaaaaaaaaaaaaaaaaa.d1',
    });
    expect(causeOf('sla.co_abcd.aaaaaaaaaaaaaaaaaaaaaa')).toEqual({ kind: 'sla', dispute: null });
  });

  it('tells each part of where it went, and none of nothing', () => {
    const none = { unpaidMicros: 0, chargedBackMicros: 0, creditMicros: 0, refundMicros: 0, nextInvoiceMicros: 0 };
    expect(whereItWent({ ...none, refundMicros: 1_620_000, nextInvoiceMicros: 3_100 })).toEqual([
      { to: 'refund', micros: 1_620_000 },
      { to: 'next', micros: 3_100 },
    ]);
    expect(whereItWent(none)).toEqual([]);
  });
});
