/** What is told of a request's way, to whom, and that a process which dies leaves nothing untold that a sweep passes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { type Lease, leaseIdOf } from '../../shared/dispatch/lease.ts';
import { endTurn, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead } from '../../shared/request/request.store.ts';
import { confirm, reopen } from '../../shared/resolution/resolution.store.ts';
import { listDeliveries } from '../../shared/webhook/delivery.store.ts';
import { createEndpoint } from '../../shared/webhook/endpoint.store.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

let engine: TestTables;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

let markets = 0;
const SIGNING_KEY = new Uint8Array(32).fill(9);
const OUTCOME = { code: 'solved' as const, summary: 'Done.', evidence: '' };

type Told = { type: string; subject: string; data: Record<string, unknown> };
type Scene = { market: TestMarket; company: string; provider: string; told: (tenant: string) => Promise<Told[]> };

/** One company and one provider with endpoints for everything, and a round that has begun. */
async function scene(): Promise<Scene> {
  const number = String(++markets).padStart(6, '0');
  const [company, provider] = [`co_told${number}`, `pr_told${number}`];
  const market = new TestMarket(engine.tables);
  const made = new Map<string, string>();
  for (const tenant of [company, provider]) {
    const input = { url: 'https://hooks.example.com/', events: 'all' as const, description: '', enabled: true };
    const { endpoint } = await createEndpoint(market.call(), SIGNING_KEY, tenant, input, 'first');
    made.set(tenant, endpoint.sk);
  }
  await market.open(`Told ${number}`);
  await market.commit(company, 10);
  await market.bid(provider, 'agent_pool', { capacity: 20, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
  const told = async (tenant: string): Promise<Told[]> => {
    const found = await listDeliveries(market.call(), tenant, made.get(tenant) ?? '', { limit: 100 });
    return found.deliveries
      .reverse()
      .map(({ type, subject, body }) => ({ type, subject, data: (JSON.parse(body) as { data: Told['data'] }).data }));
  };
  return { market, company, provider, told };
}

const send = async ({ market, company }: Scene, externalId = 'one') => {
  const input = { externalId, queue: market.queue, customer: externalId, text: 'My card is lost', fields: {} };
  return must(await acceptRequest(market.call(), company, input, null)).view.id;
};
const claim = async ({ market, provider }: Scene): Promise<Lease> => {
  const { work } = await claimWork(market.call(), provider, undefined, 1, () => 0);
  return work[0]!.lease;
};
const headOf = async ({ market }: Scene, id: string) => (await readHead(market.call(), id, { consistent: true }))!;

describe('a request’s way', () => {
  it('is told to its company and its provider step by step, without a word of the customer', async () => {
    const made = await scene();
    const { market, company, provider, told } = made;
    const id = await send(made);
    const first = await claim(made);
    market.now += MINUTE;
    must(await resolveTurn(market.call(), provider, leaseIdOf(first), OUTCOME));
    market.now += MINUTE;
    must(await reopen(market.call(), await headOf(made, id), 'customer'));
    const second = await claim(made);
    market.now += MINUTE;
    must(await resolveTurn(market.call(), provider, leaseIdOf(second), OUTCOME));
    market.now += MINUTE;
    must(await confirm(market.call(), await headOf(made, id), 'company'));
    await market.advance(market.now + 8 * DAY);
    const toCompany = await told(company);
    expect(toCompany.map(({ type, subject }) => [type, subject])).toEqual([
      ['award.published', `${market.queue}#1`],
      ['request.accepted', id],
      ['request.resolved', id],
      ['request.reopened', id],
      ['request.resolved', id],
      ['request.confirmed', id],
      ['request.settled', id],
    ]);
    expect(toCompany.at(-1)?.data).toMatchObject({ request: id, outcome: 'confirmed' });
    const toProvider = (await told(provider)).filter(({ type }) => type !== 'work.available');
    expect(toProvider.map(({ type, subject }) => [type, subject])).toEqual([
      ['award.published', `${market.queue}#1`],
      ['lease.reopened', leaseIdOf(first)],
      ['lease.confirmed', leaseIdOf(second)],
    ]);
    expect(JSON.stringify([toCompany, toProvider])).not.toContain('card');
  });

  it('that ends in silence is told as assumed, at the end of the window', async () => {
    const made = await scene();
    const { market, company, provider, told } = made;
    const id = await send(made);
    market.now += MINUTE;
    must(await resolveTurn(market.call(), provider, leaseIdOf(await claim(made)), OUTCOME));
    await market.advance(market.now + 4 * DAY);
    await market.advance(market.now + 5 * DAY);
    const types = (await told(company)).filter(({ subject }) => subject === id).map(({ type }) => type);
    expect(types).toEqual(['request.accepted', 'request.resolved', 'request.assumed', 'request.settled']);
  });

  it('tells a provider of a lost turn once, and of work at most once a lane and minute', async () => {
    const made = await scene();
    const { market, provider, told } = made;
    for (const name of ['a', 'b', 'c']) await send(made, name);
    const held = await claim(made);
    market.now += 30 * MINUTE;
    await market.sweep();
    await market.sweep();
    const all = await told(provider);
    expect(all.filter(({ type }) => type === 'lease.lost')).toMatchObject([
      { subject: leaseIdOf(held), data: { lease: leaseIdOf(held), reason: 'the lease ran out' } },
    ]);
    // Three requests in one minute, and the lost one half an hour later.
    expect(all.filter(({ type }) => type === 'work.available')).toHaveLength(2);
  });
});

describe('a process that dies', () => {
  it.each(['before', 'after'] as const)(
    '%s any call of a resolution leaves it told once if it was made, and not at all if not',
    async (when) => {
      const made = await scene();
      const { market, company, provider, told } = made;
      const wrong: string[] = [];
      let deaths = 0;
      for (let at = 1; at <= 8; at++) {
        const id = await send(made, `${when} ${at}`);
        const lease = await claim(made);
        const died = await untilCrash(market.tables, at, when, (tables) =>
          resolveTurn({ tables, now: market.now }, provider, leaseIdOf(lease), OUTCOME),
        );
        deaths += Number(died);
        market.now += 20 * MINUTE;
        await market.sweep();
        const history = (await told(company)).filter(
          ({ type, subject }) => type === 'request.resolved' && subject === id,
        );
        const isResolved = (await headOf(made, id)).lease === leaseIdOf(lease);
        if (history.length !== Number(isResolved)) wrong.push(`call ${at}: told ${history.length} times`);
        // What was not resolved waits again; it leaves the lane to the next one.
        if (!isResolved) must(await endTurn(market.call(), provider, leaseIdOf(await claim(made)), 'declined', 'test'));
      }
      expect(wrong).toEqual([]);
      expect(deaths).toBeGreaterThan(1);
    },
  );

  it.each(['before', 'after'] as const)('%s any call of the sweep leaves what is unserved told', async (when) => {
    const wrong: string[] = [];
    let deaths = 0;
    for (let at = 1; at <= 9; at++) {
      const made = await scene();
      const { market, company, told } = made;
      const id = await send(made);
      // Nobody was ever there, so it is unserved at its deadline.
      market.now += 49 * HOUR;
      const whole = market.tables;
      deaths += Number(
        await untilCrash(whole, at, when, async (tables) => {
          (market as { tables: typeof tables }).tables = tables;
          await market.sweep();
        }),
      );
      (market as { tables: typeof whole }).tables = whole;
      market.now += 2 * MINUTE;
      await market.sweep();
      const state = (await headOf(made, id)).state;
      const types = (await told(company)).filter(({ type }) => type === 'request.unserved');
      if (state !== 'unserved' || types.length !== 1) wrong.push(`call ${at}: ${state}, told ${types.length} times`);
    }
    expect(wrong).toEqual([]);
    expect(deaths).toBeGreaterThan(3);
  });
});
