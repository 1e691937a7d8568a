/** One replay from input to report: reads the demand, drives the world on a market, and gathers what came of it. */
import { basename, join } from 'node:path';
import { ok, type Result } from '../../../shared/kernel/result.ts';
import { iso, MINUTE } from '../../../shared/kernel/time.ts';
import { STANDING_INSTANTS_MS } from '../../local/actors/agenda.ts';
import type { Arrival, Demand } from '../../local/actors/arrival.ts';
import { collectReport } from '../../local/actors/collect.ts';
import { openDirectory } from '../../local/actors/directory.ts';
import { drawsOf } from '../../local/actors/draw.ts';
import { closeRounds, noteQueues, restBooks, runWorld } from '../../local/actors/drive.ts';
import { beginFinance, wakeCompanies } from '../../local/actors/finance.ts';
import { readDemand } from '../../local/actors/input.ts';
import { joinsWithMoney } from '../../local/actors/joining.ts';
import { drivenTime, NoTestClock, setClock } from '../../local/actors/market-time.ts';
import { priceRanges } from '../../local/actors/price-points.ts';
import type { ReplayReport } from '../../local/actors/report.ts';
import { resumeWorld } from '../../local/actors/resume.ts';
import { firstRoundOf, OPENS_BEFORE_MS } from '../../local/actors/rounds.ts';
import { readRounds } from '../../local/actors/rounds-seen.ts';
import { syntheticYear } from '../../local/actors/synthetic.ts';
import { newWorld, type World } from '../../local/actors/world.ts';
import type { ReplayArguments } from './arguments.ts';
import { showProgress } from './progress.ts';

/** Published price points lie beside the project where they are there at all. */
const PRICE_POINTS = join(import.meta.dirname, '../../../../shared/data/price_points.csv');

export type Input = Demand & Omit<ReplayReport['input'], 'sent'>;

/** The demand to replay: the file's, or a seeded year. */
export async function readInput(args: ReplayArguments): Promise<Result<Input, string>> {
  const draw = drawsOf(args.seed);
  const limit = args.limit ?? undefined;
  if (args.file === null) {
    const demand = syntheticYear(draw, limit);
    return ok({ ...demand, source: 'a seeded year', rows: demand.arrivals.length, problems: [], problemCount: 0 });
  }
  const read = await readDemand(args.file, { mapping: args.mapping, draw, ...(limit === undefined ? {} : { limit }) });
  if (!read.ok) return read;
  return ok({ ...read.value, source: basename(args.file) });
}

export type RunOptions = { baseUrl: string; args: ReplayArguments; input: Input; shouldStop: () => boolean };

/** How often the walk over the companies' lists says how far it is. */
const LISTS_TOLD = 1_000;

/** Runs the replay on a market; null when it was told to stop before its end. */
export async function runReplay({ baseUrl, args, input, shouldStop }: RunOptions): Promise<ReplayReport | null> {
  const begunMs = performance.now();
  const { arrivals } = input;
  const world = await openWorld(baseUrl, args, input);
  const isResumed = await hasHistory(world);
  if (!isResumed) refuseLateClock(world, args);
  if (isResumed) await resumeWorld(world);
  else noteQueues(world);
  if (isResumed) await wakeCompanies(world);
  await beginFinance(world);
  const sentBefore = world.sent;
  const progress = showProgress(arrivals.length, sentBefore);
  const onInstant = () => progress.at(Math.min(world.sent, arrivals.length), world.time.now());
  try {
    await runWorld(world, { until: arrivals.at(-1)?.at ?? 0, shouldStop, onInstant });
    if (shouldStop()) return null;
    progress.say('the last rounds settle and close');
    const openRounds = await closeRounds(world, { shouldStop, onInstant });
    if (shouldStop()) return null;
    progress.say('months are closed, invoices are paid, providers are paid out');
    await restBooks(world, { shouldStop, onInstant });
    if (shouldStop()) return null;
    progress.say('the lists of all companies are read');
    const sentNow = world.sent - sentBefore;
    const facts = {
      input: inputFacts(input),
      market: marketFacts(args, input, isResumed),
      openRounds,
      begunMs,
      sentNow,
    };
    return await collectReport(world, arrivals, facts, (read) => {
      if (read % LISTS_TOLD === 0) progress.say(`${read} lists are read`);
    });
  } finally {
    progress.end();
  }
}

const inputFacts = ({ source, rows, problems, problemCount, arrivals }: Input): ReplayReport['input'] => ({
  source,
  rows,
  sent: arrivals.length,
  problems,
  problemCount,
});

const marketFacts = (args: ReplayArguments, { arrivals }: Input, resumed: boolean): ReplayReport['market'] => ({
  begins: iso(arrivals[0]?.at ?? 0),
  ends: iso(arrivals.at(-1)?.at ?? 0),
  roundLength: args.round,
  seed: args.seed,
  resumed,
});

/** A world whose clock stands some days before the first request's round, or where an earlier run left it. */
async function openWorld(baseUrl: string, args: ReplayArguments, input: Input): Promise<World> {
  const { arrivals, classes } = input;
  const name = `replay:${args.seed}`;
  const directory = openDirectory(baseUrl, name, { joined: joinsWithMoney(drawsOf(args.seed), name) });
  const options = {
    seed: args.seed,
    ranges: priceRanges(PRICE_POINTS),
    roundLength: args.round,
    instantsMs: STANDING_INSTANTS_MS,
  };
  const begin = beginOf(arrivals, args);
  const now = await setClock(directory.anybody, 'standing', begin);
  const time = drivenTime(directory.anybody, now);
  return newWorld({ ...options, arrivals, classes, directory, time });
}

const beginOf = (arrivals: readonly Arrival[], { round }: ReplayArguments): number =>
  firstRoundOf({ roundLength: round }, arrivals[0]?.at ?? 0) - OPENS_BEFORE_MS - MINUTE;

/** Whether an earlier run has opened queues of this demand already. */
async function hasHistory(world: World): Promise<boolean> {
  for (const queue of world.queues.keys())
    if ((await readRounds(world.directory.anybody, queue)).length > 0) return true;
  return false;
}

/** A market whose clock has passed the first request cannot take it at its time. */
function refuseLateClock(world: World, args: ReplayArguments): void {
  const now = world.time.now();
  if (now <= beginOf(world.arrivals, args) + MINUTE) return;
  throw new NoTestClock(
    `The market's clock stands at ${iso(now)}, later than the first round of this demand: use a market whose clock is not set yet.`,
  );
}
