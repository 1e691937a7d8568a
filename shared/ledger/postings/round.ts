/** The postings of a round's close: what comes in, what goes back, and that the pool ends at nothing. */
import { kept } from '../entry.ts';
import type { Leg } from '../ledger.ts';
import { poolOf } from './charge.ts';

/** Carried over from earlier rounds of the queue: 2410 (either sign) to 2400. */
export const carriedInLegs = (queue: string, round: number, micros: number): Leg[] =>
  kept([
    { account: '2410', of: queue, micros },
    { account: '2400', of: poolOf(queue, round), micros: -micros },
  ]);

/** Capacity-release credit: the pool pays what a company's share of capacity was worth to others. */
export const releaseCreditLegs = (queue: string, round: number, company: string, micros: number): Leg[] =>
  kept([
    { account: '2400', of: poolOf(queue, round), micros },
    { account: '1100', of: company, micros: -micros },
  ]);

/** A part of a shortfall fee: to the pool's deficit, to a provider with unused award, or to the market where none is unused. */
export const shortfallLegs = (
  company: string,
  to: { account: '2400' | '2100' | '4200'; of: string | null },
  micros: number,
): Leg[] =>
  kept([
    { account: '1100', of: company, micros },
    { ...to, micros: -micros },
  ]);

/** What is left of the pool, handed back to one company. */
export const trueUpLegs = (queue: string, round: number, company: string, micros: number): Leg[] =>
  releaseCreditLegs(queue, round, company, micros);

/** A deficit is the market's, never the companies'. */
export const poolSubsidyLegs = (queue: string, round: number, micros: number): Leg[] =>
  kept([
    { account: '5400', of: null, micros },
    { account: '2400', of: poolOf(queue, round), micros: -micros },
  ]);

/** A surplus with nothing billed in the round is carried to the next one. */
export const carriedOutLegs = (queue: string, round: number, micros: number): Leg[] =>
  carriedInLegs(queue, round, 0 - micros);
