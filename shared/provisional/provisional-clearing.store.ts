/** Clears an open round provisionally: results first, then the one item that names them, then the word on the round. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { contentHash } from '../kernel/hash.ts';
import { iso } from '../kernel/time.ts';
import { clear } from '../market/clearing.ts';
import type { Solver } from '../market/solver.ts';
import { readRound } from '../queue/queue.store.ts';
import { gatherInput } from '../round/clearing.store.ts';
import { moveRound } from '../round/round.store.ts';
import { nextLookAt, type PooledDemand, type Round, takesBids } from '../round/round.ts';
import { lastClosed } from '../round/step.store.ts';
import type { Terms } from '../terms/terms.ts';
import { announce } from '../webhook/webhook.store.ts';
import { drawOutline, mayReplace, type Outline, tipOf } from './outline.ts';
import { Newest, newestKey, partitionOf, readNewest, resultKey } from './provisional.store.ts';
import { CompanyResult, resultsOf } from './provisional.ts';

/** Items written side by side. */
const WIDTH = 16;

/**
 * Clears an open round provisionally, as of the due time `at`, and says so on the round. Results are kept under a name
 * made of what was cleared, and the newest clearing names them last: readers see all of one clearing or none of it.
 * Running it again changes nothing.
 */
export async function clearProvisionally(
  call: Call,
  queue: string,
  number: number,
  at: number,
  solver: Solver,
): Promise<'cleared provisionally' | 'nothing to clear'> {
  const round = await readRound(call.tables, queue, number, { consistent: true });
  if (round === undefined || !takesBids(round, call.now) || (round.provisionalAt ?? 0) >= at) return 'nothing to clear';
  const { terms, commitments, input } = await gatherInput(call, round, await lastClosed(call, round));
  const clearing = await clear(input, solver);
  const contents = new Map(commitments.map((commitment) => [commitment.company, commitment.hash]));
  const { companies, providers } = resultsOf(input, clearing, contents);
  const name = await contentHash({ at, input });
  const [before] = await Promise.all([
    readNewest(call, queue, number),
    mapConcurrent([...companies, ...providers], WIDTH, (result) =>
      call.tables.put('market', { ...resultKey(queue, number, name, result.party), ...result }),
    ),
  ]);
  const mayDraw = mayReplace(await contentsOf(call, queue, number, before), contents);
  const kept = { outline: before?.outline ?? null, outlineClearing: before?.outlineClearing ?? null };
  const published = mayDraw ? { outline: await drawOutline(input, at, solver), outlineClearing: name } : kept;
  const newest: Newest = { at, clearing: name, ...published };
  const put = await call.tables.put('market', { ...newestKey(queue, number), ...newest }, [['absent or <', 'at', at]]);
  // Before the word on the round: a run that dies here comes again, and tells it then.
  const data = { queue, round: number, closesAt: iso(round.closesAt) };
  const about = { type: 'round.provisional', subject: `${queue}#${number}`, at, data } as const;
  await announce(call, ...[...companies, ...providers].map(({ party }) => ({ ...about, tenant: party })));
  await sayProvisional(call, round, terms, at, put.ok ? newest : Newest.parse(put.old));
  return 'cleared provisionally';
}

/** Writes on the round what is stored as newest: of two runs at once both write the first one's. */
async function sayProvisional(call: Call, round: Round, terms: Terms, at: number, newest: Newest): Promise<void> {
  if (newest.at !== at) return;
  const { outline } = newest;
  const pooled = outline === null ? {} : { pooled: pooledOf(outline) };
  const dueAt = nextLookAt(round.closesAt, terms, at);
  await moveRound(call, round, 'open', { provisionalAt: at, dueAt, ...pooled }, [['absent or <', 'provisionalAt', at]]);
}

/** What of an outline is kept on the round: it outlives the provisional clearing. */
function pooledOf(outline: Outline): PooledDemand {
  const { members, committed, asOf } = outline;
  const tip = tipOf(outline);
  return { members, committed, asOf, ...(tip === null ? {} : { tip }) };
}

/** What each company had committed when the published outline was drawn; nothing before the first. */
async function contentsOf(
  call: Call,
  queue: string,
  round: number,
  newest: Newest | undefined,
): Promise<Map<string, string>> {
  if (newest === undefined || newest.outline === null || newest.outlineClearing === null) return new Map();
  const range = { pk: partitionOf(queue, round), prefix: `${newest.outlineClearing}#co_`, consistent: true };
  const results = await call.tables.queryAll('market', CompanyResult, range);
  return new Map(results.map((result) => [result.party, result.content]));
}
