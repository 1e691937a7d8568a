/** What an outcome comes to: split credit, rejections, receipts, audits, reputation. Each test's name is the guarantee. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { type Lease, leaseIdOf } from '../../shared/dispatch/lease.ts';
import { beat, endTurn, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { foldBalances, isEven } from '../../shared/ledger/balance.ts';
import { allEntries, MARKET_LIST } from '../../shared/ledger/ledger.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead } from '../../shared/request/request.store.ts';
import { personPlease } from '../../shared/resolution/resolution.store.ts';
import { startTestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const POOL = 'pr_pool000001';
const PROGRAM = 'pr_auto000001';

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

/** One company awarded ten at a program for 1.00; a pool of people at 2.00 stands by. */
async function market(category: string): Promise<TestMarket> {
  const made = new TestMarket(engine.tables);
  await made.open(category);
  await made.commit(COMPANY, 10);
  await made.bid(PROGRAM, 'automation', { capacity: 20, tiers: [{ minVolume: 0, priceMicros: 1_000_000 }] });
  await made.bid(POOL, 'agent_pool', { capacity: 12, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await made.advance(FEBRUARY - 23 * HOUR);
  await made.advance(FEBRUARY + MINUTE);
  made.now = SECOND_OF_FEBRUARY;
  return made;
}

const send = async (made: TestMarket, externalId: string) =>
  must(
    await acceptRequest(
      made.call(),
      COMPANY,
      {
        externalId: `${made.queue} ${externalId}`,
        queue: made.queue,
        customer: externalId,
        text: 'Hello',
        fields: {},
      },
      null,
    ),
  ).view;
async function claimOne(made: TestMarket, provider: string): Promise<Lease> {
  const { work } = await claimWork(made.call(), provider, [made.queue], 1, Math.random);
  if (work[0] === undefined) throw new Error(`${provider} found nothing to claim`);
  return work[0].lease;
}
const resolve = async (made: TestMarket, provider: string, lease: Lease) =>
  must(await resolveTurn(made.call(), provider, leaseIdOf(lease), { code: 'solved', summary: 'Done.', evidence: '' }));
const head = async (made: TestMarket, id: string) => (await readHead(made.call(), id, { consistent: true }))!;

async function entriesOf(made: TestMarket, owner: string, request: string) {
  return (await allEntries(made.call(), owner, '2026-02')).filter((entry) => entry.facts.request === request);
}

describe('split credit', () => {
  it('shares the person’s pay with the program that worked the request and handed it on, and changes no price', async () => {
    const made = await market('split');
    const request = await send(made, 'one');
    const turn = leaseIdOf(await claimOne(made, PROGRAM));
    made.now += MINUTE;
    must(await beat(made.call(), PROGRAM, turn, true));
    must(await endTurn(made.call(), PROGRAM, turn, 'escalated', 'needs a decision'));
    await resolve(made, POOL, await claimOne(made, POOL));
    await made.advance(made.now + 9 * DAY);
    // Assumed at 70 %: b′ = 1.40, of which a tenth, 0.14, goes to the program.
    const [charge] = await entriesOf(made, COMPANY, request.id);
    expect(charge!.legs).toContainEqual({ account: '2100', of: POOL, micros: -1_260_000 });
    expect(charge!.legs).toContainEqual({ account: '2105', of: null, micros: -140_000 });
    expect(charge!.facts.priceMicros).toBe(Math.floor((request.priceMicros! * 7) / 10));
    const [split] = await entriesOf(made, PROGRAM, request.id);
    expect(split!.legs).toEqual([
      { account: '2105', of: null, micros: 140_000 },
      { account: '2100', of: PROGRAM, micros: -140_000 },
    ]);
    const all = [...(await entriesOf(made, COMPANY, request.id)), ...(await entriesOf(made, MARKET_LIST, request.id))];
    const balances = foldBalances(all);
    expect(isEven(balances)).toBe(true);
    const transit = balances.find((balance) => balance.account === '2105');
    expect(transit!.debitMicros - transit!.creditMicros).toBe(0);
  });

  it('gives nothing to a program that handed on without working, or that the customer would not have', async () => {
    const made = await market('no split');
    const idle = await send(made, 'idle');
    must(await endTurn(made.call(), PROGRAM, leaseIdOf(await claimOne(made, PROGRAM)), 'escalated', 'not mine'));
    const refused = await send(made, 'refused');
    const turn = leaseIdOf(await claimOne(made, PROGRAM));
    made.now += MINUTE;
    must(await beat(made.call(), PROGRAM, turn, true));
    must(await personPlease(made.call(), await head(made, refused.id)));
    for (let i = 0; i < 2; i++) await resolve(made, POOL, await claimOne(made, POOL));
    await made.advance(made.now + 9 * DAY);
    for (const request of [idle, refused]) {
      const [charge] = await entriesOf(made, COMPANY, request.id);
      expect(charge!.facts.splitMicros).toBe(0);
      expect(await entriesOf(made, PROGRAM, request.id)).toEqual([]);
    }
  });
});
