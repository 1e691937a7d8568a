/**
 * A clearing, or the opening of the next round, that dies at any of its calls: readers see all of it or nothing at every
 * moment, and tried again it ends where a clean run ends.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allCompanyAwards, readProviderAwards } from '../../shared/award/award.store.ts';
import { allBids } from '../../shared/bid/bid.store.ts';
import { allCommitments, putCommitment, withdrawCommitment } from '../../shared/commitment/commitment.store.ts';
import { CommitmentInput } from '../../shared/commitment/commitment.ts';
import { capacityKey, readLanes } from '../../shared/dispatch/lane.store.ts';
import { intakeRound } from '../../shared/dispatch/plan.store.ts';
import { mapConcurrent } from '../../shared/kernel/call.ts';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { clear } from '../../shared/market/clearing.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { changeStatus, registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { readRound } from '../../shared/queue/queue.store.ts';
import { clearRound } from '../../shared/round/clearing.store.ts';
import { clearingInput } from '../../shared/round/clearing-input.ts';
import { openNextRound } from '../../shared/round/next-round.store.ts';
import { moveRound } from '../../shared/round/round.store.ts';
import { awardsAreShown } from '../../shared/round/round.ts';
import { stepDueRounds } from '../../shared/round/step.store.ts';
import { emptyTotals } from '../../shared/round/totals.store.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, TestMarket } from '../support/round.ts';

const COMPANIES = ['co_aaaa000001', 'co_bbbb000002', 'co_cccc000003'];
const PROVIDERS = ['pr_pool000001', 'pr_pool000002'];
const HARD_CLOSE = FEBRUARY - DAY;
const MOST_CALLS = 60;
const solver = createMarketSolver();
const nowhere = async (): Promise<void> => undefined;

let engine: TestTables;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

/** A market whose bidding has closed and whose clearing was asked for and has not run. */
async function closedMarket(category: string): Promise<TestMarket> {
  const market = new TestMarket(engine.tables);
  await market.open(category);
  for (const [i, company] of COMPANIES.entries()) await market.commit(company, 10 + i);
  await market.bid(PROVIDERS[0]!, 'agent_pool', {
    capacity: 20,
    tiers: [
      { minVolume: 0, priceMicros: 5_000_000 },
      { minVolume: 15, priceMicros: 4_000_000 },
    ],
  });
  await market.bid(PROVIDERS[1]!, 'agent_pool', { capacity: 9, tiers: [{ minVolume: 0, priceMicros: 4_500_000 }] });
  market.now = HARD_CLOSE;
  await stepDueRounds(market.call(), nowhere);
  expect((await readRound(market.tables, market.queue, 1, { consistent: true }))?.state).toBe('clearing');
  return market;
}

const inOrder = <T extends { id: string }>(some: readonly T[]): T[] => [...some].sort((a, b) => (a.id < b.id ? -1 : 1));

/** What the mathematics answers for what is sealed. */
async function expected(market: TestMarket) {
  const round = (await readRound(market.tables, market.queue, 1))!;
  const [commitments, bids] = await Promise.all([
    allCommitments(market.call(), market.queue, 1),
    allBids(market.call(), market.queue, 1),
  ]);
  const answer = await clear(clearingInput(round, market.terms, commitments, bids, new Map()), solver);
  return {
    companies: inOrder(answer.companies).map((one) => [one.id, one.awarded, one.unitPriceMicros, one.totalMicros]),
    providers: inOrder(answer.providers).map((one) => [one.id, one.awarded, one.priceMicros]),
    free: inOrder(answer.providers).map((one) => [one.id, one.capacityLeft]),
    lanes: [...PROVIDERS],
  };
}

/** What dispatch reads at the round's start, and people see where awards are shown; null where no round takes requests. */
async function seen(market: TestMarket) {
  // Caches of its own, so that nothing is remembered of an earlier look.
  const tables = new Tables({ ...(engine.tables.owner as TableConfig) });
  const call = { tables, now: FEBRUARY };
  const round = await intakeRound(call, market.queue);
  if (round === undefined) {
    const stored = await readRound(tables, market.queue, 1, { consistent: true });
    expect(stored?.clearedAt).toBeNull();
    expect(stored?.figures).toBeNull();
    expect(awardsAreShown(stored!, FEBRUARY).ok).toBe(false);
    return null;
  }
  const [companies, providers, lanes] = await Promise.all([
    allCompanyAwards(call, market.queue, 1),
    readProviderAwards(tables, market.queue, 1),
    readLanes(call, market.queue, 1),
  ]);
  const free = await Promise.all(
    lanes.map(async ({ provider }) => {
      const item = await tables.get('market', capacityKey(market.queue, 1, provider), z.object({ free: z.int() }));
      return [provider, item?.free];
    }),
  );
  return {
    companies: companies.map((one) => [one.company, one.awarded, one.unitPriceMicros, one.totalMicros]),
    providers: providers.map((one) => [one.provider, one.awarded, one.priceMicros]),
    free,
    lanes: lanes.map((lane) => lane.provider),
  };
}

describe('a clearing', () => {
  it('that dies at any call shows nothing, and tried again writes what a clean one writes', async () => {
    let crashes = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at++) {
        expect(at, 'the clearing never ends').toBeLessThan(MOST_CALLS);
        const market = await closedMarket(`clearing dies ${when} ${at}`);
        const hasCrashed = await untilCrash(market.tables, at, when, (tables) =>
          clearRound({ tables, now: market.now }, market.queue, 1, solver),
        );
        const whole = await expected(market);
        const between = await seen(market);
        if (between !== null) expect(between, `${when} call ${at}`).toEqual(whole);
        await clearRound(market.call(), market.queue, 1, solver);
        expect(await seen(market), `${when} call ${at}`).toEqual(whole);
        if (!hasCrashed) break;
        crashes += 1;
      }
    }
    // Reads, three companies' and two providers' awards, two lanes with capacities and the last write, each twice.
    expect(crashes).toBeGreaterThanOrEqual(2 * (3 + 2 + 4 + 1));
  }, 120_000);

  it('shows nothing to a reader who looks before each of its calls, and all of it to one who looks after the last', async () => {
    const market = await closedMarket('clearing watched');
    const config = market.tables.owner as TableConfig;
    const looks: unknown[] = [];
    const send = async (command: Parameters<DynamoDBClient['send']>[0]): Promise<unknown> => {
      looks.push(await seen(market));
      return config.client.send(command);
    };
    const watched = new Tables({ ...config, client: { send } as unknown as DynamoDBClient });
    await clearRound({ tables: watched, now: market.now }, market.queue, 1, solver);
    expect(looks.length).toBeGreaterThan(10);
    expect(looks.filter((look) => look !== null)).toEqual([]);
    expect(await seen(market)).toEqual(await expected(market));
  });

  it('that comes twice at once, or again later, changes nothing that was decided since', async () => {
    const market = await closedMarket('clearing twice');
    const twice = () => clearRound(market.call(), market.queue, 1, solver);
    await Promise.all([twice(), twice()]);
    const cleared = await readRound(market.tables, market.queue, 1, { consistent: true });
    market.now += HOUR;
    expect(await twice()).toBe('nothing to clear');
    expect(await readRound(market.tables, market.queue, 1, { consistent: true })).toEqual(cleared);
    expect(await seen(market)).toEqual(await expected(market));
  });

  it('reads the records that stood at the hard close, whichever round closes before it is tried again', async () => {
    const bases = [];
    for (const closes of ['before the hard close', 'after it'] as const) {
      const market = new TestMarket(engine.tables);
      await market.open(`records ${closes}`);
      await market.advance(FEBRUARY + MINUTE);
      const close = async () => {
        const totals = { ...emptyTotals(COMPANIES[0]!), charged: 100 };
        await market.tables.put('market', { pk: `T#${market.queue}#000001`, sk: COMPANIES[0]!, ...totals });
        const round = (await readRound(market.tables, market.queue, 1, { consistent: true }))!;
        await moveRound(market.call(), round, 'active', { state: 'closed', dueAt: null });
      };
      if (closes === 'before the hard close') await close();
      await market.commit(COMPANIES[0]!, 50, {}, 2);
      await market.bid(
        PROVIDERS[0]!,
        'agent_pool',
        { capacity: 10, tiers: [{ minVolume: 0, priceMicros: 1 }] },
        9_000,
        2,
      );
      market.now = Date.parse('2026-02-28T00:00:00Z');
      await stepDueRounds(market.call(), nowhere);
      if (closes === 'after it') await close();
      await clearRound(market.call(), market.queue, 2, solver);
      const [award] = await allCompanyAwards(market.call(), market.queue, 2);
      bases.push([award?.awarded, award?.capacityShareBase]);
    }
    // With a record of 100 charges the base is all of the 50 it states; without, the 10 it is awarded.
    expect(bases).toEqual([
      [10, 50],
      [10, 10],
    ]);
  });
});

describe('the opening of the next round', () => {
  const STANDING = 55;
  let companies: string[] = [];
  beforeAll(async () => {
    companies = await mapConcurrent(Array.from({ length: STANDING }), 16, async (_, i) => {
      const person = { user: `standing ${i}`, email: null };
      const { id } = await registerOrganisation(engine.tables, person, { kind: 'company', name: 'Acme' }, 'join', 1);
      await changeStatus(engine.tables, id, 'approve');
      return id;
    });
  });
  const standing = CommitmentInput.parse({ currency: 'USD', volume: 7, rollOver: true });

  async function market(category: string): Promise<TestMarket> {
    const made = new TestMarket(engine.tables);
    await made.open(category);
    await mapConcurrent(companies, 8, async (company) =>
      must(await putCommitment(made.call(), company, made.queue, 1, standing)),
    );
    return made;
  }
  const open = async (made: TestMarket, tables = made.tables) => {
    const round = (await readRound(made.tables, made.queue, 1, { consistent: true }))!;
    await openNextRound({ tables, now: made.now }, round);
  };
  const sorted = () => [...companies].sort();

  it('that dies at any call goes on where it was: every standing commitment is there, once, before anybody can touch it', async () => {
    let crashes = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at++) {
        expect(at, 'it never ends').toBeLessThan(MOST_CALLS);
        const made = await market(`opening dies ${when} ${at}`);
        const hasCrashed = await untilCrash(made.tables, at, when, (tables) => open(made, tables));
        const first = await allCommitments(made.call(), made.queue, 2);
        const exists = (await readRound(made.tables, made.queue, 2, { consistent: true })) !== undefined;
        // Copies come page by page; the round exists only when the last of them is there.
        expect([0, 50, STANDING]).toContain(first.length);
        if (exists) expect(first.length).toBe(STANDING);
        else
          expect(await putCommitment(made.call(), companies[0]!, made.queue, 2, standing)).toMatchObject({
            code: 'not_found',
          });
        made.now += MINUTE;
        await open(made);
        const all = await allCommitments(made.call(), made.queue, 2);
        expect(all.map((one) => one.company)).toEqual(sorted());
        // What was acknowledged by the first try is not written again.
        expect(all.slice(0, first.length)).toEqual(first);
        if (!hasCrashed) break;
        crashes += 1;
      }
    }
    expect(crashes).toBeGreaterThanOrEqual(2 * 10);
  }, 120_000);

  it('done by two at once copies once, and a copy withdrawn since never comes back', async () => {
    const made = await market('opened by two');
    await Promise.all([open(made), open(made)]);
    expect((await allCommitments(made.call(), made.queue, 2)).map((one) => one.company)).toEqual(sorted());
    must(await withdrawCommitment(made.call(), companies[0]!, made.queue, 2));
    await open(made);
    expect((await allCommitments(made.call(), made.queue, 2)).length).toBe(STANDING - 1);
  });
});
