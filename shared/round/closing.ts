/** What a round's close posts: pure arithmetic over awards and final totals. The order is the ledger's: carry, credits, shortfall, what is left. */
import type { CompanyAward, ProviderAward } from '../award/award.ts';
import { slotsByProvider } from '../dispatch/sequence.ts';
import { asMicros, BPS, floorDiv, splitByLargestRemainder } from '../kernel/money.ts';
import type { Terms } from '../terms/terms.ts';
import type { CompanyTotals } from './report.ts';

export type ClosingInput = {
  awards: readonly CompanyAward[];
  providers: readonly ProviderAward[];
  totals: readonly CompanyTotals[];
  terms: Terms;
  /** What earlier rounds of the queue carried over: positive a surplus. */
  carriedInMicros: number;
};

export type Closing = {
  carriedInMicros: number;
  releaseCredits: ReadonlyMap<string, number>;
  shortfalls: ReadonlyMap<string, { toPool: number; toProviders: ReadonlyMap<string, number>; toMarket: number }>;
  trueUps: ReadonlyMap<string, number>;
  subsidyMicros: number;
  carriedOutMicros: number;
};

/** What to post so that the round's pool ends at nothing. */
export function closeRound(input: ClosingInput): Closing {
  const totals = new Map(input.totals.map((total) => [total.company, total]));
  const charges = sum(input.totals.map((total) => total.poolMicros));
  const releaseCredits = releaseCreditsOf(input.awards, totals);
  const fees = new Map(
    input.awards.map((award) => [award.company, shortfallOf(award, totals.get(award.company)?.sent ?? 0, input.terms)]),
  );
  const beforeFees = input.carriedInMicros + charges - sum([...releaseCredits.values()]);
  const shortfalls = splitShortfalls(input, totals, fees, Math.max(0, -beforeFees));
  const left = beforeFees + sum([...shortfalls.values()].map((part) => part.toPool));
  const billed = new Map(
    input.totals.filter((total) => total.chargedMicros > 0).map((total) => [total.company, total.chargedMicros]),
  );
  const isHandedBack = left > 0 && billed.size > 0;
  return {
    carriedInMicros: input.carriedInMicros,
    releaseCredits,
    shortfalls,
    trueUps: isHandedBack ? splitByLargestRemainder(left, billed) : new Map(),
    subsidyMicros: left < 0 ? -left : 0,
    carriedOutMicros: left > 0 && !isHandedBack ? left : 0,
  };
}

/**
 * m = ⌊rate · P · max(0, ⌈φ·X⌉ − sent)⌋: what a company pays for what it was awarded and did not send, measured on requests
 * sent, whatever the provider made of them.
 */
export function shortfallOf(
  award: Pick<CompanyAward, 'awarded' | 'unitPriceMicros'>,
  sent: number,
  terms: Pick<Terms, 'takeOrPayBps' | 'shortfallRateBps'>,
): number {
  const least = Math.ceil((award.awarded * terms.takeOrPayBps) / BPS);
  const missing = Math.max(0, least - sent);
  return asMicros(
    floorDiv(BigInt(terms.shortfallRateBps) * BigInt(award.unitPriceMicros) * BigInt(missing), BigInt(BPS)),
  );
}

/** g = credit · min(1, n/b) · (charged / full price over the round), floored: paid as far as the capacity released was used and paid for. */
function releaseCreditsOf(
  awards: readonly CompanyAward[],
  totals: ReadonlyMap<string, CompanyTotals>,
): Map<string, number> {
  const charged = sum([...totals.values()].map((total) => total.chargedMicros));
  const full = sum([...totals.values()].map((total) => total.fullPriceMicros));
  const credits = awards
    .filter((award) => award.releaseCreditMicros > 0 && award.capacityShareBase > 0 && full > 0)
    .map((award): [string, number] => {
      const attempted = Math.min(totals.get(award.company)?.attempted ?? 0, award.capacityShareBase);
      const reached = BigInt(Math.min(charged, full));
      const exact = BigInt(award.releaseCreditMicros) * BigInt(attempted) * reached;
      return [award.company, asMicros(floorDiv(exact, BigInt(award.capacityShareBase) * BigInt(full)))];
    });
  return new Map(credits.filter(([, micros]) => micros > 0));
}

function splitShortfalls(
  input: ClosingInput,
  totals: ReadonlyMap<string, CompanyTotals>,
  fees: ReadonlyMap<string, number>,
  deficit: number,
): Closing['shortfalls'] {
  const owed = new Map([...fees].filter(([, micros]) => micros > 0));
  const total = sum([...owed.values()]);
  const toPool = splitByLargestRemainder(Math.min(total, deficit), owed);
  const unused = unusedAwards(input, totals);
  return new Map(
    [...owed].map(([company, micros]) => {
      const pool = toPool.get(company) ?? 0;
      const rest = micros - pool;
      const toProviders =
        rest > 0 && unused.size > 0 ? splitByLargestRemainder(rest, unused) : new Map<string, number>();
      return [company, { toPool: pool, toProviders, toMarket: unused.size > 0 ? 0 : rest }];
    }),
  );
}

/** What each provider was awarded and no slot used. */
function unusedAwards(input: ClosingInput, totals: ReadonlyMap<string, CompanyTotals>): Map<string, number> {
  const used = new Map<string, number>();
  for (const award of input.awards) {
    const slots = Math.min(award.awarded, totals.get(award.company)?.bySlot ?? 0);
    for (const [provider, count] of slotsByProvider(award.byProvider, slots))
      used.set(provider, (used.get(provider) ?? 0) + count);
  }
  return new Map(
    input.providers
      .map((provider): [string, number] => [provider.provider, provider.awarded - (used.get(provider.provider) ?? 0)])
      .filter(([, volume]) => volume > 0),
  );
}

const sum = (numbers: readonly number[]): number => asMicros(numbers.reduce((total, n) => total + BigInt(n), 0n));
