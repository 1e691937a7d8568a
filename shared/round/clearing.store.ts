/** Clears a round: sealed commitments and bids in, awards, capacities and lanes out, and only then the word that it is cleared. */

import { companyAwardItem, providerAwardItem } from '../award/award.store.ts';
import type { CompanyAward, ProviderAward } from '../award/award.ts';
import { allBids } from '../bid/bid.store.ts';
import type { StoredBid } from '../bid/bid.ts';
import { allCommitments } from '../commitment/commitment.store.ts';
import type { Commitment } from '../commitment/commitment.ts';
import { openLane } from '../dispatch/lane.store.ts';
import { countersFor, shardsFor } from '../dispatch/lane.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import { type Clearing, type ClearingInput, clear } from '../market/clearing.ts';
import { makeSealedFile } from '../market/round-file/build.ts';
import { roundFigures } from '../market/round-file/figures.ts';
import { type Names, pseudonymsOf, renameInput, renameResult, reversed } from '../market/round-file/pseudonyms.ts';
import { Result, type SealedFile } from '../market/round-file/round-file.ts';
import type { Solver } from '../market/solver.ts';
import { readQueueItem, readRound, termsOf } from '../queue/queue.store.ts';
import { screenRound } from '../screen/flag.store.ts';
import type { Terms } from '../terms/terms.ts';
import { clearingInput } from './clearing-input.ts';
import { clearedWith } from './release.ts';
import { moveRound } from './round.store.ts';
import type { Round } from './round.ts';
import { writeRoundFiles } from './round-file.store.ts';
import { chargesByCompany } from './totals.store.ts';

/** Items written side by side. */
const WIDTH = 16;

/**
 * Clears a round that is in `clearing` and not cleared yet; any other is left alone. Running it again, or twice at once,
 * writes the same: the answer depends on what was fixed at the hard close only, and capacities are put once. Readers see
 * nothing before the one last write.
 */
export async function clearRound(
  call: Call,
  queue: string,
  roundNumber: number,
  solver: Solver,
): Promise<'cleared' | 'nothing to clear'> {
  const round = await readRound(call.tables, queue, roundNumber, { consistent: true });
  if (round === undefined || round.state !== 'clearing' || round.clearedAt !== null) return 'nothing to clear';
  const sealed = await gatherInput(call, round, round.recordsOf ?? 0);
  const { terms, commitments, bids } = sealed;
  const currency = await currencyOf(call, queue);
  const { clearing, file } = await clearUnderNames(round, currency, sealed, solver);
  const companies = companyAwards(round, terms, commitments, clearing);
  const providers = providerAwards(round, bids, clearing);
  await Promise.all([
    writeAwards(call, companies, providers),
    screenRound(call, queue, roundNumber, bids, providers),
    writeRoundFiles(call, file),
  ]);
  const figures = roundFigures(file.result);
  // Whoever is second finds the round cleared and leaves it, with whatever people have decided on it since.
  await moveRound(call, round, 'clearing', clearedWith(round, figures, terms, call.now), [['=', 'clearedAt', null]]);
  return 'cleared';
}

/** What is gathered of a round to clear it. */
export type Gathered = { terms: Terms; commitments: Commitment[]; bids: StoredBid[]; input: ClearingInput };

/** The sealed commitments and bids of a round as they stand; records are the charges of the round `recordsOf`, 0: nobody has any. */
export async function gatherInput(call: Call, round: Round, recordsOf: number): Promise<Gathered> {
  const [terms, commitments, bids, records] = await Promise.all([
    termsOf(call.tables, round),
    allCommitments(call, round.queue, round.round),
    allBids(call, round.queue, round.round),
    recordsOf === 0 ? new Map<string, number>() : chargesByCompany(call, round.queue, recordsOf),
  ]);
  return { terms, commitments, bids, input: clearingInput(round, terms, commitments, bids, records) };
}

/**
 * Clears; where the terms publish the sealed file, under the names of the round, so that everybody can check the order
 * drawn from the seed. The clearing comes back under the real ids, the file as it was cleared.
 */
async function clearUnderNames(
  round: Round,
  currency: Currency,
  sealed: Gathered,
  solver: Solver,
): Promise<{ clearing: Clearing; file: SealedFile }> {
  const { terms, commitments, bids } = sealed;
  const pseudonyms = terms.publishSealedFile ? await pseudonymsOf(commitments, bids) : null;
  const names: Names = pseudonyms ?? new Map();
  const input = renameInput(sealed.input, names);
  const cleared = await clear(input, solver);
  const { certificate } = cleared.proof;
  const result = Result.parse(cleared);
  const file = await makeSealedFile({ round, currency, commitments, bids, pseudonyms, input, result, certificate });
  return { clearing: renameResult(cleared, reversed(names)), file };
}

async function currencyOf(call: Call, queue: string): Promise<Currency> {
  const item = await readQueueItem(call.tables, queue);
  if (item === undefined) throw new Error(`round of an unknown queue ${queue}`);
  return item.currency;
}

function companyAwards(
  round: Round,
  terms: Terms,
  commitments: readonly Commitment[],
  clearing: Clearing,
): CompanyAward[] {
  const results = new Map(clearing.companies.map((company) => [company.id, company]));
  return commitments.map((commitment) => {
    const result = results.get(commitment.company);
    if (result === undefined) throw new Error(`clearing lost the commitment of ${commitment.company}`);
    return {
      queue: round.queue,
      round: round.round,
      company: commitment.company,
      committed: commitment.volume,
      awarded: result.awarded,
      byProvider: result.byProvider.map((part) => ({ ...part })),
      totalMicros: result.totalMicros,
      unitPriceMicros: result.unitPriceMicros,
      dearerRequests: result.dearerRequests,
      standalonePriceMicros: result.standalonePriceMicros,
      releaseCreditMicros: result.releaseCreditMicros,
      capacityShareBase: result.capacityShareBase,
      reserveMicros: Math.min(commitment.reserveMicros ?? terms.ceilingMicros, terms.ceilingMicros),
      failureCostMicros: commitment.failureCostMicros ?? terms.failureCostMicros,
      limits: commitment.limits,
      overflow: commitment.overflow,
      counters: countersFor(result.awarded, round.endsAt - round.startsAt),
    };
  });
}

function providerAwards(round: Round, bids: readonly StoredBid[], clearing: Clearing): ProviderAward[] {
  const results = new Map(clearing.providers.map((provider) => [provider.id, provider]));
  return bids.map((bid) => {
    const result = results.get(bid.provider);
    if (result === undefined) throw new Error(`clearing lost the bid of ${bid.provider}`);
    return {
      queue: round.queue,
      round: round.round,
      provider: bid.provider,
      kind: bid.kind,
      qualityBps: bid.qualityBps,
      capacity: bid.capacity,
      awarded: result.awarded,
      priceMicros: result.priceMicros,
      firstTierMicros: bid.tiers[0]!.priceMicros,
      standingCapacity: result.capacityLeft,
      shards: shardsFor(bid.capacity, round.endsAt - round.startsAt),
    };
  });
}

/** Awards, and the lanes with their capacities: all of it stands before the round says that it is cleared. */
async function writeAwards(
  call: Call,
  companies: readonly CompanyAward[],
  providers: readonly ProviderAward[],
): Promise<void> {
  const items = [...companies.map(companyAwardItem), ...providers.map(providerAwardItem)];
  await Promise.all([
    mapConcurrent(items, WIDTH, (item) => call.tables.put('market', item)),
    mapConcurrent(providers, WIDTH, ({ queue, round, provider, shards, standingCapacity }) => {
      const lane = { queue, round, provider, standing: 'open' as const, seenAt: 0, put: shards, look: shards };
      return openLane(call, lane, standingCapacity);
    }),
  ]);
}
