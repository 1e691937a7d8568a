import { describe, expect, it } from 'vitest';
import { CommitmentInput } from '../../../../shared/commitment/commitment.ts';
import { bodyOf, emptyValues, limitsOf, valuesOf } from './values.ts';

describe('the form of a commitment', () => {
  it('leaves out what is empty, so that the terms’ own figures count', () => {
    const values = { ...emptyValues('USD'), volume: 40 };
    expect(bodyOf(values)).toEqual({ currency: 'USD', volume: 40, overflow: 'allowed', rollOver: false });
  });

  it('asks what-ifs without limits where nobody is left out', () => {
    expect(limitsOf(emptyValues('USD'))).toBeUndefined();
    expect(limitsOf({ ...emptyValues('USD'), 'limits.automation': 'never' })).toEqual({
      blocked: [],
      minimumQualityBps: 0,
      automation: 'never',
    });
  });

  it('sends what was committed again, unchanged, where nothing is edited', () => {
    const input = CommitmentInput.parse({
      currency: 'EUR',
      volume: 7,
      reserveMicros: 2_500_000,
      limits: { kinds: ['community'], blocked: ['pr_0000'], minimumQualityBps: 9_000, automation: 'first' },
      overflow: 'refused',
      rollOver: true,
    });
    const commitment = { ...input, queue: 'q', round: 1, company: 'co_0000', nonce: 'n'.repeat(16), hash: 'h' };
    const again = bodyOf(valuesOf({ ...commitment, submittedAt: '2026-01-01T00:00:00.000Z' }));
    expect(CommitmentInput.parse(again)).toEqual(input);
  });
});
