/** What `certify-round` reads: a clearing's input alone, which it clears first, or a sealed round with its awards. */
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ok, type Result, refuse } from '../../../shared/kernel/result.ts';
import { clear } from '../../../shared/market/clearing.ts';
import { ClearingInput } from '../../../shared/market/input.ts';
import type { LeavingGame } from '../../../shared/market/leaving.ts';
import { orderBidders } from '../../../shared/market/order.ts';
import { priceAwards } from '../../../shared/market/price-awards.ts';
import { openMarket } from '../../../shared/market/reach.ts';
import type { Solver } from '../../../shared/market/solver.ts';

const Awards = z.object({
  companies: z.array(
    z.object({
      id: z.string(),
      surplusMicros: z.int(),
      byProvider: z.array(z.object({ provider: z.string(), volume: z.int().min(0) })),
    }),
  ),
});
type Results = Readonly<{
  companies: readonly Readonly<{
    id: string;
    surplusMicros: number;
    byProvider: readonly Readonly<{ provider: string; volume: number }>[];
  }>[];
}>;
/** The sealed file of a round, or the one published under its names: see `shared/market/round-file`. */
const SealedRound = z.object({ input: ClearingInput, result: Awards });

export type ClearedRound = {
  readonly name: string;
  readonly game: LeavingGame;
  /** Σ all-in price · awarded volume. */
  readonly turnoverMicros: number;
  readonly epsilonMicros: number;
  /** Companies whose gain in the file is not what the price rule gives for its awards. */
  readonly differing: readonly string[];
};

/** Reads a file; gains and ε are worked out from its awards by the price rule, never taken from it. */
export async function readRound(path: string, solver: Solver): Promise<Result<ClearedRound, 'bad_round'>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    return refuse(
      'bad_round',
      `${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const isSealed = typeof json === 'object' && json !== null && 'input' in json;
  const parsed = isSealed
    ? SealedRound.safeParse(json)
    : ClearingInput.transform((input) => ({ input, result: undefined })).safeParse(json);
  if (!parsed.success) {
    return refuse(
      'bad_round',
      `${path} is neither a clearing's input nor a sealed round:\n${z.prettifyError(parsed.error)}`,
    );
  }
  const { input } = parsed.data;
  const clearing: Results = parsed.data.result ?? (await clear(input, solver));
  return priceRound(input, clearing);
}

async function priceRound(input: ClearingInput, clearing: Results): Promise<Result<ClearedRound, 'bad_round'>> {
  const { seed, round, queue } = input;
  const [companies, providers] = await Promise.all([
    orderBidders(seed, round, input.companies),
    orderBidders(seed, round, input.providers),
  ]);
  const market = openMarket({ ...input, companies, providers });
  const results = new Map(clearing.companies.map((result) => [result.id, result]));
  const missing = companies.find(({ id }) => !results.has(id));
  if (missing !== undefined) return refuse('bad_round', `The clearing has no result for ${missing.id}.`);
  const awards = companies.map(({ id }) => {
    const byProvider = new Map(results.get(id)!.byProvider.map(({ provider, volume }) => [provider, volume]));
    return providers.map((provider) => byProvider.get(provider.id) ?? 0);
  });
  let priced: ReturnType<typeof priceAwards>;
  try {
    priced = priceAwards(market, awards);
  } catch (error) {
    return refuse(
      'bad_round',
      `These awards cannot be priced: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const surplusMicros: number[] = priced.companies.map((company) => company.surplusMicros);
  return ok({
    name: `${queue} / ${round}`,
    game: { market, surplusMicros, shareBases: priced.companies.map((company) => company.capacityShareBase) },
    turnoverMicros: priced.companies.reduce((sum, { totalMicros }) => sum + totalMicros, 0),
    epsilonMicros: priced.epsilonMicros,
    differing: companies.map(({ id }) => id).filter((id, i) => results.get(id)!.surplusMicros !== surplusMicros[i]),
  });
}
