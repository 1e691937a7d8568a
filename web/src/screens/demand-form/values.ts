/** What the steps of posting demand fill in, and what is sent. Names are those of the API's fields. */
import type { ProviderKind } from '../../../../shared/bid/bid.ts';
import type { Commitment, CommitmentInput, ProviderLimits } from '../../../../shared/commitment/commitment.ts';

export type Values = {
  currency: string;
  volume: number | null;
  reserveMicros: number | null;
  failureCostMicros: number | null;
  'limits.kinds': ProviderKind[];
  'limits.blocked': string[];
  'limits.minimumQualityBps': number | null;
  'limits.automation': ProviderLimits['automation'];
  overflow: CommitmentInput['overflow'];
  rollOver: boolean;
};

export const emptyValues = (currency: string): Values => ({
  currency,
  volume: null,
  reserveMicros: null,
  failureCostMicros: null,
  'limits.kinds': [],
  'limits.blocked': [],
  'limits.minimumQualityBps': null,
  'limits.automation': 'allowed',
  overflow: 'allowed',
  rollOver: false,
});

export const valuesOf = (commitment: Commitment): Values => ({
  currency: commitment.currency,
  volume: commitment.volume,
  reserveMicros: commitment.reserveMicros ?? null,
  failureCostMicros: commitment.failureCostMicros ?? null,
  'limits.kinds': commitment.limits.kinds ?? [],
  'limits.blocked': commitment.limits.blocked,
  'limits.minimumQualityBps': commitment.limits.minimumQualityBps || null,
  'limits.automation': commitment.limits.automation,
  overflow: commitment.overflow,
  rollOver: commitment.rollOver,
});

/** The limits; undefined where nobody is left out, so that a what-if answers with the price itself and not a least one. */
export function limitsOf(values: Values): ProviderLimits | undefined {
  const { 'limits.kinds': kinds, 'limits.blocked': blocked, 'limits.automation': automation } = values;
  const minimumQualityBps = values['limits.minimumQualityBps'] ?? 0;
  const isOpen = kinds.length === 0 && blocked.length === 0 && minimumQualityBps === 0 && automation !== 'never';
  if (isOpen && automation === 'allowed') return undefined;
  return { ...(kinds.length === 0 ? {} : { kinds }), blocked, minimumQualityBps, automation };
}

/** The body of a commitment: what is left empty is left out. */
export function bodyOf(values: Values): unknown {
  const { currency, volume, reserveMicros, failureCostMicros, overflow, rollOver } = values;
  const limits = limitsOf(values);
  return {
    currency,
    volume,
    ...(reserveMicros === null ? {} : { reserveMicros }),
    ...(failureCostMicros === null ? {} : { failureCostMicros }),
    ...(limits === undefined ? {} : { limits }),
    overflow,
    rollOver,
  };
}
