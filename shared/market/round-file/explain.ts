/** Why a party pays its price, or was awarded what it was: worked out from the sealed file, told to that party only. */
import * as z from 'zod';
import { QueueId, RoundNumber } from '../../kernel/id.ts';
import { Currency } from '../../kernel/money.ts';
import type { ClearingInput } from '../input.ts';
import { createExactSolver } from '../solver/exact.ts';
import type { Solver } from '../solver.ts';
import { BIDDERS_TO_TELL_PRICE, ProviderWhy, sentenceOf, whyAsTold, whyProvider } from '../why.ts';
import { explainPrice, WhyPrice, whyPrice } from '../why-price.ts';
import { makeCompanyFile, makeProviderFile } from './build.ts';
import type { PublicFile, SealedFile } from './round-file.ts';

const explained = {
  queue: QueueId,
  round: RoundNumber,
  currency: Currency,
  explanation: z.string().meta({ description: 'The same in sentences' }),
};
export const CompanyExplanation = z.object({ ...explained, why: WhyPrice }).meta({ id: 'CompanyExplanation' });
export type CompanyExplanation = z.infer<typeof CompanyExplanation>;
export const ProviderExplanation = z.object({ ...explained, why: ProviderWhy }).meta({ id: 'ProviderExplanation' });
export type ProviderExplanation = z.infer<typeof ProviderExplanation>;

/**
 * What one search for a price to win may take: in a market of more pairs of a company and a provider it is not begun, and
 * the nodes and augmentations are those of all its clearings together.
 */
const LIMITS = { pairs: 5_000, nodes: 3_000, augmentations: 100_000 };

/** Why a company pays what it pays; undefined where it had no commitment in the round. */
export async function explainCompany(sealed: SealedFile, company: string): Promise<CompanyExplanation | undefined> {
  const own = await makeCompanyFile(sealed, company);
  if (own === undefined) return undefined;
  return {
    ...roundOf(sealed.public),
    why: whyPrice(own.result, own.chargesLastRound),
    explanation: explainPrice(own.result, own.chargesLastRound, sealed.public.currency),
  };
}

/**
 * Why a provider was awarded what it was, and what would have won, as far as it may be told; undefined where it had no bid
 * in the round. There is no price to win where clearing again would take too long, by a count that is the same everywhere.
 */
export async function explainProvider(
  sealed: SealedFile,
  provider: string,
  limits = LIMITS,
): Promise<ProviderExplanation | undefined> {
  const own = await makeProviderFile(sealed, provider);
  if (own === undefined) return undefined;
  const { input, result } = sealed;
  const whole = await whyWithin(input, result, own.pseudonym ?? provider, limits);
  const why = whyAsTold(whole, { bidders: input.providers.length, companies: input.companies.length });
  return { ...roundOf(sealed.public), why, explanation: sentenceOf(why) };
}

async function whyWithin(
  input: ClearingInput,
  result: SealedFile['result'],
  name: string,
  limits: typeof LIMITS,
): Promise<ProviderWhy> {
  const isTold = input.providers.length >= BIDDERS_TO_TELL_PRICE;
  const isTooLarge = input.companies.length * input.providers.length > limits.pairs;
  const withoutPrice = () => whyProvider(input, result, name, null);
  if (!isTold || isTooLarge) return withoutPrice();
  try {
    return await whyProvider(input, result, name, solverWithin(limits));
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return withoutPrice();
  }
}

class BudgetSpent extends Error {}

/** Proven answers only, of which all together keep within one budget; then throws `BudgetSpent`. */
function solverWithin({ nodes, augmentations }: typeof LIMITS): Solver {
  const left = { nodes, augmentations };
  const fallback: Solver = () => Promise.reject(new BudgetSpent('the search takes too long'));
  return async (problem) => {
    // The solver bounds nothing before its first node.
    if (left.nodes < 1 || left.augmentations < 1) return fallback(problem);
    const choice = await createExactSolver({ budget: left, fallback })(problem);
    left.nodes -= choice.statistics?.nodes ?? 0;
    left.augmentations -= choice.statistics?.augmentations ?? 0;
    return choice;
  };
}

const roundOf = ({ queue, round, currency }: PublicFile) => ({ queue, round, currency });
