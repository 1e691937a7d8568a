/** The postings of a resolution: what is charged and paid for it, its split, and its SLA credit. */
import { asMicros, shareBps } from '../../kernel/money.ts';
import { kept } from '../entry.ts';
import type { Leg } from '../ledger.ts';

/** What is charged and paid for one resolution. P = b + f + x. */
export type Rated = { priceMicros: number; bidMicros: number; feeMicros: number; poolMicros: number };

export type ResolutionFacts = {
  outcome: 'confirmed' | 'assumed';
  route: 'slot' | 'overflow';
  /** What the company pays for it at the full rate: its slot's price, or the all-in price of the standing bid first offered. */
  priceMicros: number;
  /** b: the bid price of who resolved it, at the tier reached by awards, or its first tier outside an award. */
  bidMicros: number;
  /** Overflow: the bid price of the standing bid first offered, from which the assumed price follows. */
  offeredBidMicros: number | null;
  feeBps: number;
  assumedRateBps: number;
};

/**
 * Rates one resolution. Confirmed: b, f = ⌊b·bps/10⁴⌋, P, x = P − b − f. Assumed at rate a: b′ = ⌊b·a⌋, f′ = ⌊b′·bps/10⁴⌋,
 * P′ = ⌊P·a⌋; for overflow P′ is b′ + f′ of the bid first offered, so that x is 0 unless the request has moved.
 */
export function rate(facts: ResolutionFacts): Rated {
  const share = (micros: number): number =>
    facts.outcome === 'assumed' ? shareBps(micros, facts.assumedRateBps) : micros;
  const bidMicros = share(facts.bidMicros);
  const feeMicros = shareBps(bidMicros, facts.feeBps);
  const priceMicros =
    facts.route === 'overflow' && facts.offeredBidMicros !== null
      ? withFee(share(facts.offeredBidMicros), facts.feeBps)
      : share(facts.priceMicros);
  return { priceMicros, bidMicros, feeMicros, poolMicros: asMicros(priceMicros - bidMicros - feeMicros) };
}

const withFee = (bidMicros: number, feeBps: number): number => asMicros(bidMicros + shareBps(bidMicros, feeBps));

/** The pool's owner in account 2400: one queue and round. */
export const poolOf = (queue: string, round: number): string => `${queue}#${round}`;

/**
 * Resolution settled: 1100 P to 2100 b, 4100 f and 2400 x, which may have either sign; 2410 once the round's close was
 * announced. Of b, `splitMicros` wait in 2105 for the programs that share in it; `splitLegs` brings them there.
 */
export function chargeLegs(
  rated: Rated,
  parties: { company: string; provider: string; queue: string; round: number; isRoundClosed: boolean },
  splitMicros = 0,
): Leg[] {
  return kept([
    { account: '1100', of: parties.company, micros: rated.priceMicros },
    { account: '2100', of: parties.provider, micros: splitMicros - rated.bidMicros },
    { account: '2105', of: null, micros: 0 - splitMicros },
    { account: '4100', of: null, micros: -rated.feeMicros },
    {
      ...(parties.isRoundClosed
        ? { account: '2410' as const, of: parties.queue }
        : { account: '2400' as const, of: poolOf(parties.queue, parties.round) }),
      micros: -rated.poolMicros,
    },
  ]);
}

/** A program's part of a resolution that a person finished: out of 2105, an entry of its own, since each provider has its own list. */
export const splitLegs = (program: string, micros: number): Leg[] =>
  kept([
    { account: '2105', of: null, micros },
    { account: '2100', of: program, micros: 0 - micros },
  ]);

/** SLA credit, not invoiced: the provider at fault bears its part of the price, the market the rest (its fee). */
export function slaCreditLegs(
  rated: Rated,
  slaCreditBps: number,
  parties: { company: string; provider: string },
): Leg[] {
  const credit = shareBps(rated.priceMicros, slaCreditBps);
  const provider = Math.min(credit, shareBps(rated.bidMicros, slaCreditBps));
  return kept([
    { account: '2100', of: parties.provider, micros: provider },
    { account: '4190', of: null, micros: credit - provider },
    { account: '1100', of: parties.company, micros: 0 - credit },
  ]);
}
