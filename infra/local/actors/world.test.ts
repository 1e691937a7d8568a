import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../shared/kernel/time.ts';
import { STANDING_INSTANTS_MS } from './agenda.ts';
import { type Demand, inOrderOfTime } from './arrival.ts';
import { drawsOf } from './draw.ts';
import { noteQueues, runWorld } from './drive.ts';
import { volumesByRound } from './past.ts';
import { BUILT_IN_RANGES } from './price-points.ts';
import { scriptedMarket } from './scripted-market.oracle.ts';
import { syntheticYear } from './synthetic.ts';
import { newWorld, type WorldOptions } from './world.ts';

const demand = (seed: number): Demand => {
  const { arrivals, classes } = syntheticYear(drawsOf(seed));
  const january = arrivals.filter(({ at }) => at < Date.UTC(2025, 1, 1)).slice(0, 150);
  return { arrivals: january, classes };
};

async function run(seed: number, options: Partial<WorldOptions> = {}) {
  const startsAt = Date.UTC(2025, 0, 1);
  const market = scriptedMarket(startsAt - 96 * HOUR, startsAt);
  const { directory, time } = market;
  const world = await newWorld({
    seed,
    ranges: BUILT_IN_RANGES,
    roundLength: 'month',
    ...demand(1),
    directory,
    time,
    ...options,
  });
  noteQueues(world);
  await runWorld(world);
  return { ...market, world };
}

describe('the world', () => {
  it('does the same for the same seed, call by call, and something else for another', async () => {
    const once = await run(1);
    expect((await run(1)).calls).toEqual(once.calls);
    expect((await run(2)).calls).not.toEqual(once.calls);
  });

  it('sends every request once, brings each to a resolution and to its customer’s answer', async () => {
    const { world, requests, calls } = await run(1);
    expect(requests.size).toBe(150);
    expect(world.sent).toBe(150);
    expect(world.waiting.size).toBe(0);
    expect([...world.surprises]).toEqual([]);
    const back = new Set(world.arrivals.filter((a) => a.comesBack).map((a) => a.externalId));
    for (const { externalId, state, reopens } of requests.values()) {
      expect(['resolved', 'confirmed']).toContain(state);
      expect(reopens).toBe(back.has(externalId) ? 1 : 0);
    }
    const resolutions = calls.filter((call) => call.includes('/resolve')).length;
    expect(resolutions).toBe(150 + back.size);
  });

  it('sends a request at its own time', async () => {
    const { world, requests } = await run(1);
    for (const { at, externalId } of world.arrivals)
      expect(Date.parse(requests.get(externalId)?.acceptedAt ?? '')).toBe(at);
  });

  it('acts at its instants alone, however odd the minute of a request, and at the first of them', async () => {
    const arrivals = demand(1)
      .arrivals.map((arrival, i) => ({ ...arrival, at: arrival.at + (i % 60) * MINUTE }))
      .sort(inOrderOfTime);
    const { calls, world, requests } = await run(1, { arrivals, instantsMs: STANDING_INSTANTS_MS });
    expect(requests.size).toBe(150);
    expect(calls.filter((call) => Number(call.slice(14, 16)) % 4 !== 0)).toEqual([]);
    expect([...world.surprises]).toEqual([]);
    for (const { at, externalId } of arrivals) {
      const late = Date.parse(requests.get(externalId)?.acceptedAt ?? '') - at;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(STANDING_INSTANTS_MS);
    }
  });

  it('has every provider bid once before the round of each queue closes', async () => {
    const { calls, world } = await run(1);
    const bids = calls.filter((call) => call.includes('/bid'));
    const queues = new Set(world.arrivals.map(({ queue }) => queue)).size;
    expect(bids.length).toBe(queues * world.providers.size);
    for (const bid of bids) expect(bid.slice(0, 16)).toBe('2024-12-30T12:00');
  });

  it('asks for work without being woken where a request was lost sight of', async () => {
    const startsAt = Date.UTC(2025, 0, 1);
    const { directory, time, requests } = scriptedMarket(startsAt - 96 * HOUR, startsAt);
    const { arrivals, classes } = demand(1);
    const options = { seed: 1, ranges: BUILT_IN_RANGES, roundLength: 'month' as const, directory, time };
    const world = await newWorld({ ...options, arrivals: arrivals.slice(0, 1), classes });
    await runWorld(world, { until: arrivals[0]!.at });
    const [request] = requests.values();
    // It goes to another provider behind the world's back.
    request!.state = 'queued';
    request!.provider = [...world.providers.keys()].find((id) => id !== request!.provider)!;
    const known = world.requests.get(request!.id)!;
    world.waiting.set(known.id, Object.assign(known, { isWoken: true, waitingSince: time.now() }));
    world.agenda.take(Number.POSITIVE_INFINITY);
    world.lastPollAt = time.now();
    await runWorld(world, { until: time.now() + 2 * HOUR });
    expect(request!.state).not.toBe('queued');
  });
});

describe('a company’s past', () => {
  const month = (n: number) => Date.UTC(2025, n, 1);
  const rounds = new Map([
    [month(0), 4],
    [month(2), 6],
    [month(3), 29],
  ]);
  it('counts rounds without requests, and scales the one that is ending to its length', () => {
    // 29 of 30 days of April have passed.
    expect(volumesByRound(rounds, 'month', month(3) + 29 * 24 * HOUR)).toEqual([4, 0, 6, 30]);
  });
  it('leaves out a round that has only begun', () => {
    expect(volumesByRound(rounds, 'month', month(3) + 10 * 24 * HOUR)).toEqual([4, 0, 6]);
  });
});
