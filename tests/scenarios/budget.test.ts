/** The hard monthly cap. Each test's name is the guarantee. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepErrands } from '../../functions/errands.ts';
import { putProfile } from '../../shared/billing-profile/billing-profile.store.ts';
import { BillingProfileInput } from '../../shared/billing-profile/billing-profile.ts';
import { putBudget, viewBudgets } from '../../shared/budget/budget.store.ts';
import type { BudgetInput } from '../../shared/budget/budget.ts';
import { sweepBudget } from '../../shared/budget/held-back.store.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { ERRAND_SHARDS } from '../../shared/dispatch/due.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { DAY, HOUR, iso, MINUTE } from '../../shared/kernel/time.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead, viewRequest } from '../../shared/request/request.store.ts';
import { cancel } from '../../shared/resolution/resolution.store.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const POOL = 'pr_pool000001';
/** A slot costs 2.10 all-in, overflow the same: the first tier is the only one. */
const PRICE = 2_100_000;
const MARCH = Date.parse('2026-03-01T00:00:00Z');
const SUPPLY = { capacity: 6, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] };
let nextCompany = 0;

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

type Made = { market: TestMarket; company: string };

/** A company of its own, awarded four; the pool has capacity for six in all. */
async function open(category: string): Promise<Made> {
  const market = new TestMarket(engine.tables);
  const company = `co_cap${String(nextCompany++).padStart(7, '0')}`;
  await market.open(category);
  await market.commit(company, 4);
  await market.bid(POOL, 'agent_pool', SUPPLY);
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
  return { market, company };
}

const input = ({ market }: Made, externalId: string) => ({
  externalId,
  queue: market.queue,
  customer: externalId,
  text: 'Hello',
  fields: {},
});
const tryToSend = (made: Made, externalId: string, tables = made.market.tables) =>
  acceptRequest({ tables: tables.metered(), now: made.market.now }, made.company, input(made, externalId), null);
const send = async (made: Made, externalId: string) => must(await tryToSend(made, externalId)).view;
const cap = async ({ market, company }: Made, capMicros: number | null, beyond: BudgetInput['beyond'] = 'refuse') =>
  must(await putBudget(market.call(), company, { currency: 'USD', capMicros, beyond }));
const view = async ({ market, company }: Made) => (await viewBudgets(market.call(), company))[0]!;
const sweep = ({ market, company }: Made) => sweepBudget(market.call(), company, 'USD');
const head = async ({ market }: Made, id: string) => (await readHead(market.call(), id, { consistent: true }))!;
const see = async (made: Made, id: string) => viewRequest(made.market.call(), await head(made, id));

async function resolveOne({ market }: Made): Promise<void> {
  const { work } = await claimWork(market.call(), POOL, [market.queue], 1, Math.random);
  const outcome = { code: 'solved', summary: 'Done.', evidence: '' } as const;
  must(await resolveTurn(market.call(), POOL, leaseIdOf(work[0]!.lease), outcome));
}

describe('beyond its cap', () => {
  it('a company that chose so is refused, and never takes more than the cap, however many it sends at once', async () => {
    const made = await open('refused');
    await cap(made, 3 * PRICE);
    const sent = await Promise.all(Array.from({ length: 8 }, (_, i) => tryToSend(made, `r${i}`)));
    expect(sent.filter((one) => one.ok)).toHaveLength(3);
    expect(sent.filter((one) => !one.ok).map((one) => (one.ok ? '' : one.code))).toEqual(
      Array(5).fill('budget_reached'),
    );
    expect(await view(made)).toMatchObject({ usedMicros: 3 * PRICE, leftMicros: 0, heldBack: { count: 0 } });
    // What was accepted answers the same again, without taking more.
    const accepted = sent.findIndex((one) => one.ok);
    must(await tryToSend(made, `r${accepted}`));
    expect((await view(made)).usedMicros).toBe(3 * PRICE);
  });

  it('costs one write unit more for a request, and none without a cap', async () => {
    const made = await open('units');
    const units = async (externalId: string) => {
      const call = made.market.call();
      must(await acceptRequest(call, made.company, input(made, externalId), null));
      return call.tables.consumed.writeUnits;
    };
    await units('warm');
    const without = await units('without');
    await cap(made, 100 * PRICE);
    await units('warm again');
    expect(await units('with')).toBe(without + 1);
  });

  it('requests are held back and become ready in order as the month turns, with deadlines from then on', async () => {
    const made = await open('held');
    const { market, company } = made;
    await market.commit(company, 4, {}, 2);
    await market.bid(POOL, 'agent_pool', SUPPLY, 9_000, 2);
    await cap(made, PRICE, 'hold');
    const first = await send(made, 'first');
    market.now += HOUR;
    const held = [];
    for (const externalId of ['a', 'b', 'c']) {
      held.push(await send(made, externalId));
      market.now += MINUTE;
    }
    expect(first.state).toBe('queued');
    expect(held.map((one) => one.state)).toEqual(['held_back', 'held_back', 'held_back']);
    expect((await view(made)).heldBack).toEqual({ count: 3, isAtLeast: false });
    expect(await send(made, 'a')).toEqual(held[0]);
    await resolveOne(made);
    await sweep(made);
    for (const at of ['2026-02-12T00:10:00Z', '2026-02-28T01:00:00Z', '2026-02-28T23:59:00Z']) {
      await market.advance(Date.parse(at));
      await sweep(made);
    }
    expect((await see(made, first.id)).state).toBe('settled');
    expect((await see(made, held[0]!.id)).state).toBe('held_back');
    await market.advance(MARCH + MINUTE);
    await sweep(made);
    const now = await Promise.all(held.map((one) => see(made, one.id)));
    expect(now.map((one) => one.state)).toEqual(['queued', 'held_back', 'held_back']);
    expect(now[0]).toMatchObject({ round: 2, route: 'slot', priceMicros: PRICE, deadline: iso(MARCH + 48 * HOUR) });
    expect(await view(made)).toMatchObject({ month: '2026-03', usedMicros: PRICE, leftMicros: 0 });
  });

  it('requests wait for a raised cap too, and for a lifted one', async () => {
    const made = await open('raised');
    await cap(made, 0, 'hold');
    const held = [];
    for (const externalId of ['a', 'b', 'c']) {
      held.push(await send(made, externalId));
      made.market.now += MINUTE;
    }
    await cap(made, 2 * PRICE, 'hold');
    await sweep(made);
    expect(await Promise.all(held.map(async (one) => (await see(made, one.id)).state))).toEqual([
      'queued',
      'queued',
      'held_back',
    ]);
    await cap(made, null);
    await sweep(made);
    expect((await see(made, held[2]!.id)).state).toBe('queued');
    expect((await view(made)).heldBack.count).toBe(0);
  });

  it('requests held back can be cancelled, and hold up no round', async () => {
    const made = await open('cancelled');
    const { market } = made;
    await cap(made, 0, 'hold');
    const held = await send(made, 'a');
    const kept = await send(made, 'b');
    must(await cancel(market.call(), await head(made, held.id), 'company'));
    expect((await see(made, held.id)).state).toBe('cancelled');
    await cap(made, PRICE, 'hold');
    await sweep(made);
    expect((await see(made, kept.id)).state).toBe('queued');
    expect((await see(made, held.id)).state).toBe('cancelled');
  });
});

describe('the nightly recount', () => {
  it('gives back what ended uncharged or cheaper, and keeps what is open', async () => {
    const made = await open('recount');
    const { market, company } = made;
    await cap(made, 10 * PRICE);
    const [settled, cancelled, waiting] = [await send(made, 's'), await send(made, 'c'), await send(made, 'w')];
    await resolveOne(made);
    must(await cancel(market.call(), await head(made, cancelled.id), 'company'));
    expect((await view(made)).usedMicros).toBe(3 * PRICE);
    await market.advance(Date.parse('2026-02-03T00:10:00Z'));
    await sweep(made);
    expect((await view(made)).usedMicros).toBe(2 * PRICE);
    // A day later the waiting one has ended unserved; a week later silence is paid at 70 %.
    await market.advance(Date.parse('2026-02-05T00:10:00Z'));
    await market.advance(Date.parse('2026-02-13T00:10:00Z'));
    await sweep(made);
    expect((await see(made, settled.id)).state).toBe('settled');
    expect((await see(made, waiting.id)).state).toBe('unserved');
    expect((await view(made)).usedMicros).toBe(1_470_000);
    await sweepBudget({ ...market.call(), now: market.now + DAY }, company, 'USD');
    expect((await view(made)).usedMicros).toBe(1_470_000);
  });

  it('is looked for each night and as the month turns', async () => {
    const made = await open('nights');
    await cap(made, PRICE);
    expect(iso((await sweep(made)).nextAt!)).toBe('2026-02-03T00:10:00.000Z');
    made.market.now = Date.parse('2026-02-28T00:10:00Z');
    expect(iso((await sweep(made)).nextAt!)).toBe('2026-03-01T00:00:00.000Z');
  });
});

describe('alerts', () => {
  it('are recorded once for each share of the cap, and anew for a raised one', async () => {
    const made = await open('alerts');
    await cap(made, 4 * PRICE);
    await send(made, 'r0');
    expect((await view(made)).alerts).toEqual([]);
    await send(made, 'r1');
    const at = iso(made.market.now);
    made.market.now += MINUTE;
    await send(made, 'r2');
    expect((await view(made)).alerts).toEqual([{ percent: 50, capMicros: 4 * PRICE, at }]);
    await send(made, 'r3');
    await tryToSend(made, 'r4');
    expect((await view(made)).alerts.map((alert) => alert.percent)).toEqual([50, 80, 100]);
    made.market.now += MINUTE;
    await cap(made, 5 * PRICE);
    await send(made, 'r4');
    expect((await view(made)).alerts.map((alert) => [alert.percent, alert.capMicros])).toEqual([
      [50, 4 * PRICE],
      [80, 4 * PRICE],
      [100, 4 * PRICE],
      [100, 5 * PRICE],
    ]);
  });

  it('go to the billing contact by mail, once each, and end quietly where there is none', async () => {
    const edge = new TestEdge(engine.tables);
    const told = await open('told');
    const silent = await open('silent');
    edge.now = told.market.now;
    const address = { line1: '1 High Street', city: 'Town', postalCode: '1000', country: 'IE' };
    const profile = { legalName: 'Bank', address, billingEmail: 'bills@bank.example' };
    must(await putProfile(told.market.call(), told.company, BillingProfileInput.parse(profile)));
    for (const made of [told, silent]) {
      await cap(made, 2 * PRICE);
      await send(made, 'r0');
    }
    for (let pass = 0; pass < 2; pass++)
      for (let shard = 0; shard < ERRAND_SHARDS; shard++)
        await sweepErrands(edge.runtime, { ...told.market.call(), now: edge.now + HOUR }, shard);
    const mails = edge.mails.filter(({ subject }) => subject.includes('budget'));
    expect(mails).toMatchObject([{ to: 'bills@bank.example', subject: '50 % of the budget for 2026-02 is used up' }]);
  });
});
