/**
 * `npm run test:agreement`: long runs in which our solver must agree with HiGHS to the micro-unit, with everything tried
 * where a market is small enough, and in which every clearing must keep its promises.
 */
import * as fc from 'fast-check';
import { type Clearing, clear } from '../../../shared/market/clearing.ts';
import type { ClearingInput } from '../../../shared/market/input.ts';
import { anyMarket, MIDDLE, TINY, tryEveryAllocation } from '../../../shared/market/market.oracle.ts';
import { createHighsSolver } from '../../../shared/market/solver.highs.ts';
import { COMMON_HELP, progress, readArguments, wholeNumber } from '../support/arguments.ts';
import { createRandom } from '../support/random.ts';
import { breachesOf } from './checks.ts';
import { createContender } from './contender.ts';
import { readPuzzle } from './contest.ts';
import { createInstance, createQueue, FAMILIES, type Family, type Size } from './instances.ts';

const USAGE = `Compares our solver with HiGHS and, in small markets, with trying everything; checks every clearing.

  npm run test:agreement -- [options]

  --small N        small drawn markets (default 5000; --quick 300)
  --large N        markets of real money and size (default 300; --quick 30)
${COMMON_HELP}`;

/** Prices in steps this wide make many choices tie. */
const STEP_MICROS = 100_000;

const args = readArguments(USAGE, ['small', 'large']);
const small = wholeNumber('small', args.extra.small ?? (args.quick ? '300' : '5000'));
const large = wholeNumber('large', args.extra.large ?? (args.quick ? '30' : '300'));
const contender = createContender();
const highs = createHighsSolver();

const totals = { passed: 0, failed: 0, highsBelow: 0 };
process.stderr.write(`seed ${args.seed}: ${small} small markets, ${large} large ones\n`);
for (const [at, input] of fc.sample(anyMarket(TINY), { seed: args.seed, numRuns: small }).entries())
  await judge(`small ${at + 1} of ${small}`, input, tryEveryAllocation(input));
for (let at = 0; at < large; at += 1) await judge(`large ${at + 1} of ${large}`, drawLarge(at), null);
progress('');
if (args.json) console.log(JSON.stringify({ seed: args.seed, small, large, ...totals }));
else {
  if (totals.highsBelow > 0)
    console.log(`HiGHS answered below the optimum ${totals.highsBelow} times: its sums are floating-point.`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
}
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;

async function judge(name: string, input: ClearingInput, tried: number | null): Promise<void> {
  if (totals.passed % 10 === 0) progress(`${name}, ${totals.failed} failed`);
  const faults = await faultsOf(input, tried).catch((error: unknown) => [String(error)]);
  if (faults.length === 0) totals.passed += 1;
  else {
    totals.failed += 1;
    progress('');
    const reproduce = totals.failed === 1 ? `\nInput:\n${JSON.stringify(input)}` : '';
    process.stderr.write(`${name} (seed ${args.seed}): ${faults.join('; ')}${reproduce}\n`);
  }
}

async function faultsOf(input: ClearingInput, tried: number | null): Promise<string[]> {
  const clearing = await clear(input, contender);
  const faults = breachesOf(input, clearing);
  if (clearing.proof.gapMicros !== 0) faults.push(`a gap of ${clearing.proof.gapMicros} is left open`);
  if (tried !== null && clearing.valueMicros !== tried)
    faults.push(`gain ${clearing.valueMicros}, the best is ${tried}`);
  const { problem, worth } = await readPuzzle(input);
  if (problem.classes.length > 0) {
    const others = worth((await highs(problem)).steps);
    if (others > BigInt(clearing.valueMicros)) faults.push(`gain ${clearing.valueMicros}, HiGHS found ${others}`);
    if (others < BigInt(clearing.valueMicros)) totals.highsBelow += 1;
  }
  if (!isSame(clearing, await clear(turned(input), contender))) faults.push('another order of bidders, another answer');
  return faults;
}

/** The same market with its bidders the other way round. */
function turned(input: ClearingInput): ClearingInput {
  return { ...input, companies: input.companies.toReversed(), providers: input.providers.toReversed() };
}

function isSame(one: Clearing, other: Clearing): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Drawn ones of every kind, everyday queues, and every family at several sizes, half of these with prices in coarse steps. */
function drawLarge(at: number): ClearingInput {
  const random = createRandom(`${args.seed}|agreement|${at}`);
  if (at % 3 === 0) return fc.sample(anyMarket(MIDDLE), { seed: random.whole(0, 2 ** 31 - 1), numRuns: 1 })[0]!;
  if (at % 3 === 1) return createQueue(args.seed, at);
  const family: Family = FAMILIES[random.whole(0, FAMILIES.length - 1)]!;
  const size: Size = { providers: random.whole(6, 40), companies: random.whole(3, 20) };
  const input = createInstance(family, size, args.seed, at);
  return random.chance(0.5) ? inCoarseSteps(input) : input;
}

function inCoarseSteps(input: ClearingInput): ClearingInput {
  const coarse = (micros: number): number => Math.ceil(micros / STEP_MICROS) * STEP_MICROS;
  return {
    ...input,
    companies: input.companies.map((company) => ({
      ...company,
      reserveMicros: coarse(company.reserveMicros ?? input.terms.ceilingMicros),
      failureCostMicros: coarse(company.failureCostMicros ?? input.terms.failureCostMicros),
    })),
    providers: input.providers.map((provider) => ({
      ...provider,
      qualityBps: Math.round(provider.qualityBps / 500) * 500,
      tiers: provider.tiers.map((tier) => ({ ...tier, priceMicros: coarse(tier.priceMicros) })),
    })),
  };
}
