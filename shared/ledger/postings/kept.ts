import { asMicros } from '../../kernel/money.ts';
import type { Leg } from '../ledger.ts';

/** Legs of nothing are left out; every other one is a safe integer of micro-units. */
export const kept = (legs: readonly Leg[]): Leg[] =>
  legs.filter((leg) => leg.micros !== 0).map((leg) => ({ ...leg, micros: asMicros(leg.micros) }));
