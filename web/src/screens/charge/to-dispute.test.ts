import { describe, expect, it } from 'vitest';
import { DisputeInput } from '../../../../shared/dispute/dispute.ts';
import { claimedOf, NO_DISPUTE, toDispute } from './to-dispute.ts';

describe('the form of a dispute', () => {
  it('claims all of the charge as it stands, and is what the market takes', () => {
    const body = toDispute(NO_DISPUTE);
    expect(DisputeInput.parse(body)).toEqual({
      reason: { code: 'not_resolved', text: '' },
      share: { bps: 10_000 },
      wants: 'credit',
    });
    expect(claimedOf(NO_DISPUTE, 1_620_000)).toBe(1_620_000);
  });

  it('claims a part by its amount, which must be given', () => {
    const part = { ...NO_DISPUTE, part: 'part', wants: 'refund' };
    expect(DisputeInput.parse(toDispute({ ...part, micros: 400_000 }))).toMatchObject({ share: { micros: 400_000 } });
    expect(DisputeInput.safeParse(toDispute(part)).success).toBe(false);
    expect(claimedOf(part, 1_620_000)).toBeNull();
  });
});
