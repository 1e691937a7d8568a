/** Charges as they are drawn for this bench, and how one is rated and posted. */
import type { Call } from '../../../shared/kernel/call.ts';
import { chargeEvent, type Posted, post } from '../../../shared/ledger/ledger.store.ts';
import { chargeLegs, type Rated, type ResolutionFacts, rate } from '../../../shared/ledger/postings/charge.ts';
import type { Random } from '../support/random.ts';

const FEE_BPS = 500;
const ASSUMED_RATE_BPS = 6_000;

export type Parties = { company: string; provider: string; queue: string; round: number; isRoundClosed: boolean };
export type Drawn = ResolutionFacts & { request: string };

/** A resolution at half to one and a half of the usual price: one in ten assumed, one in ten overflow. */
export function drawCharge(random: Random, usualMicros: number, request: string): Drawn {
  const priceMicros = Math.floor(usualMicros * random.between(0.5, 1.5));
  const bidMicros = Math.floor(priceMicros * random.between(0.85, 0.95));
  return {
    request,
    outcome: random.chance(0.1) ? 'assumed' : 'confirmed',
    route: random.chance(0.1) ? 'overflow' : 'slot',
    priceMicros,
    bidMicros,
    offeredBidMicros: bidMicros,
    feeBps: FEE_BPS,
    assumedRateBps: ASSUMED_RATE_BPS,
  };
}

/** Rates a resolution and posts its charge, with the facts that a settled one has. */
export async function postCharge(
  call: Call,
  drawn: Drawn,
  parties: Parties,
): Promise<{ rated: Rated; posted: Posted }> {
  const rated = rate(drawn);
  const { request, outcome, route } = drawn;
  const { isRoundClosed: _closed, ...of } = parties;
  const posted = await post(call, {
    event: chargeEvent(request),
    kind: 'charge',
    occurredAt: call.now,
    currency: 'USD',
    company: of.company,
    provider: of.provider,
    legs: chargeLegs(rated, parties),
    facts: { ...of, request, lease: `${request}.l1`, outcome, route, ...rated },
  });
  return { rated, posted };
}
