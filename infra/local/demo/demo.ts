/**
 * The demo market: a small one with a history of two rounds, filled through the public API, and the actors that go on
 * working it in real time.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { randomToken } from '../../../shared/kernel/id.ts';
import { fromIso, iso, MINUTE, SECOND } from '../../../shared/kernel/time.ts';
import { type Directory, openDirectory } from '../actors/directory.ts';
import { drawsOf } from '../actors/draw.ts';
import { addArrivals, noteQueues, runWorld } from '../actors/drive.ts';
import { beginFinance } from '../actors/finance.ts';
import { joinsWithMoney } from '../actors/joining.ts';
import { drivenTime, followedTime, readClock, setClock } from '../actors/market-time.ts';
import { BUILT_IN_RANGES } from '../actors/price-points.ts';
import { providerProfiles } from '../actors/providers.ts';
import { resumeWorld } from '../actors/resume.ts';
import { OPENS_BEFORE_MS, plan } from '../actors/rounds.ts';
import { newWorld, type World, type WorldOptions } from '../actors/world.ts';
import { writeDemoAccess } from '../demo-access.ts';
import { DEMO_COMPANIES, demoBegins, demoDemand, liveArrival, monthOfDemand } from './demand.ts';
import { showIncident } from './incident.ts';
import { invitePeople } from './people.ts';

export type DemoMarket = { baseUrl: string; dataFolder: string };
export type FillProgress = (done: number, total: number, text: string) => void;

const SEED = 2_718;
const WORLD = 'demo';
const PROVIDERS = { agent_pool: 2, automation: 2, community: 1 };
/** A bank and a telephone company let nobody but employed agents answer: so the agent pools win rounds too. */
const AGENTS_ONLY: readonly string[] = ['Cobalt Bank', 'Meridian Telecom'];
/** Afterwards the demo's own provider leaves requests to whoever sits at its desk before a program takes them. */
const DESK = 'Harbour Care';
const DESK_PATIENCE_MS = 15 * MINUTE;

/** What the fill was begun with: kept, so that an interrupted fill or the actors draw the same demand again. */
const PLAN_FILE = 'demo.plan.json';
const Plan = z.object({ begins: z.number(), until: z.number() });
type Plan = z.infer<typeof Plan>;

/**
 * Fills a small market whose clock begins two rounds ago and is brought to now. Repeating it after an interruption goes
 * on where it was; repeating it when it was done changes nothing but the demo's API keys.
 */
export async function fillDemo(market: DemoMarket, progress: FillProgress): Promise<void> {
  const kept = keepPlan(market.dataFolder, Date.now());
  const directory = demoDirectory(market);
  const now = await setClock(directory.anybody, 'running', kept.begins - OPENS_BEFORE_MS - MINUTE);
  const world = await demoWorld(directory, kept, { time: drivenTime(directory.anybody, now), planning: 'late' });
  const total = world.arrivals.length + 1;
  progress(0, total, 'companies and providers join');
  await keepAccess(market, world);
  const { data } = await directory.anybody.GET('/v1/queues', { params: { query: { limit: 1 } } });
  if (data === undefined || data.items.length === 0) noteQueues(world);
  else await resumeWorld(world);
  for (const name of DEMO_COMPANIES) await directory.company(name);
  await beginFinance(world);
  const onInstant = () =>
    progress(Math.min(world.sent, total - 1), total, `market time ${iso(world.time.now()).slice(0, 10)}`);
  await runWorld(world, { until: kept.until, onInstant });
  await world.time.reach(Math.max(Date.now(), world.time.now()));
  world.planning = 'early';
  for (const queue of world.queues.keys()) await plan(world, queue, 0);
  await showIncident(await directory.company(DEMO_COMPANIES[0]!), kept.until);
  progress(total, total, 'done');
}

/** The actors of a filled demo, in real time, until `stop`; a market that fails for a while finds them again later. */
export function runActors(market: DemoMarket): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const ended = actUntil(market, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

const LONGEST_BACKOFF_MS = 60 * SECOND;

async function actUntil(market: DemoMarket, stop: AbortSignal): Promise<void> {
  const plan = readPlan(market.dataFolder);
  if (plan === null) return;
  const directory = demoDirectory(market);
  let failures = 0;
  while (!stop.aborted) {
    const begun = Date.now();
    try {
      await actLive(directory, plan, stop);
    } catch (error) {
      if (stop.aborted) return;
      // The world is taken up anew from what the API says; only how long to wait depends on what went before.
      failures = Date.now() - begun > LONGEST_BACKOFF_MS ? 1 : failures + 1;
      const waitMs = Math.min(LONGEST_BACKOFF_MS, SECOND * 2 ** Math.min(failures, 6));
      const text = error instanceof Error ? error.message : String(error);
      process.stderr.write(`The simulated actors go on in ${waitMs / SECOND} s: ${text}\n`);
      await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

async function actLive(directory: Directory, plan: Plan, stop: AbortSignal): Promise<void> {
  const now = fromIso((await readClock(directory.anybody)).now);
  const time = followedTime(directory.anybody, now, stop);
  const patienceMs = new Map([[DESK, DESK_PATIENCE_MS]]);
  const world = await demoWorld(directory, plan, { time, planning: 'early', patienceMs });
  await resumeWorld(world, DEMO_COMPANIES);
  for (const name of DEMO_COMPANIES) await directory.company(name);
  await beginFinance(world);
  const run = randomToken(6);
  let count = 0;
  const sendNext = () => addArrivals(world, [liveArrival(world.draw, run, ++count, world.time.now())]);
  sendNext();
  await runWorld(world, {
    shouldStop: () => stop.aborted,
    onInstant: () => {
      if (world.nextArrival >= world.arrivals.length) sendNext();
    },
  });
}

/** The demo's world; its companies know their volumes of the two months before the market began. */
async function demoWorld(
  directory: Directory,
  { begins, until }: Plan,
  options: Pick<WorldOptions, 'time' | 'planning' | 'patienceMs'>,
): Promise<World> {
  const draw = drawsOf(SEED);
  const demand = demoDemand(draw, begins, until);
  const world = await newWorld({
    ...options,
    ...demand,
    seed: SEED,
    ranges: BUILT_IN_RANGES,
    roundLength: 'month',
    directory,
    profiles: providerProfiles(draw, PROVIDERS),
    endless: true,
    disputes: true,
    demandsOf: (company) => (AGENTS_ONLY.includes(company) ? { kinds: ['agent_pool'] } : {}),
  });
  for (const before of [2, 1]) {
    const date = new Date(begins);
    const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - before, 1);
    for (const arrival of monthOfDemand(draw, month)) world.past.sent(arrival);
  }
  return world;
}

const demoDirectory = ({ baseUrl }: DemoMarket): Directory =>
  openDirectory(baseUrl, WORLD, { joined: joinsWithMoney(drawsOf(SEED), WORLD) });

async function keepAccess({ baseUrl, dataFolder }: DemoMarket, world: World): Promise<void> {
  const company = await world.directory.company(DEMO_COMPANIES[0]!);
  const provider = [...world.providers.values()].find(({ profile }) => profile.kind === 'agent_pool')!.member;
  const access = ({ id, name, email, secret }: typeof company) => ({ organisation: id, name, email, apiKey: secret });
  writeDemoAccess(dataFolder, { company: access(company), provider: access(provider) });
  await invitePeople(baseUrl, company, provider);
  // Whoever closes a month needs two of them, so both can be chosen from the beginning.
  await Promise.all([world.directory.finance('maker'), world.directory.finance('approver')]);
}

function keepPlan(dataFolder: string, now: number): Plan {
  const kept = readPlan(dataFolder);
  if (kept !== null) return kept;
  const plan = { begins: demoBegins(now), until: now };
  writeFileSync(join(dataFolder, PLAN_FILE), `${JSON.stringify(plan)}\n`);
  return plan;
}

function readPlan(dataFolder: string): Plan | null {
  const path = join(dataFolder, PLAN_FILE);
  return existsSync(path) ? Plan.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}
