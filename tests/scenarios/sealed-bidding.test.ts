/** Sealed bidding: what may be changed until when, who is late and what then, and what stands for the next round. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putBid, readBid, withdrawBid } from '../../shared/bid/bid.store.ts';
import type { BidInput } from '../../shared/bid/bid.ts';
import { putCommitment, readCommitment, withdrawCommitment } from '../../shared/commitment/commitment.store.ts';
import { CommitmentInput } from '../../shared/commitment/commitment.ts';
import { canonicalJson, sha256Hex } from '../../shared/kernel/hash.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { changeStatus, registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import type { RegistrationInput } from '../../shared/organisation/organisation.ts';
import { publishTerms, readRound } from '../../shared/queue/queue.store.ts';
import { moveRound } from '../../shared/round/round.store.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, START, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const PROVIDER = { tenant: 'pr_pool000001', kind: 'agent_pool', qualityBps: 9_000 } as const;
const RIVAL = { ...PROVIDER, tenant: 'pr_pool000002' };
const HARD_CLOSE = FEBRUARY - DAY;

let engine: TestTables;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

async function openMarket(category: string): Promise<TestMarket> {
  const market = new TestMarket(engine.tables);
  await market.open(category);
  return market;
}

const offer = (capacity: number, priceMicros: number, more: Partial<BidInput> = {}): BidInput => ({
  currency: 'USD',
  capacity,
  tiers: [{ minVolume: 0, priceMicros }],
  rollOver: false,
  ...more,
});
const bid = (market: TestMarket, input: BidInput, bidder: typeof PROVIDER | typeof RIVAL = PROVIDER, round = 1) =>
  putBid(market.call(), bidder, market.queue, round, input);
const demand = (volume: number, more: object = {}) => CommitmentInput.parse({ currency: 'USD', volume, ...more });

/** As the provisional clearing leaves the round. */
async function clearProvisionally(market: TestMarket): Promise<void> {
  const round = await readRound(market.tables, market.queue, 1, { consistent: true });
  expect((await moveRound(market.call(), round!, 'open', { provisionalAt: market.now })).ok).toBe(true);
}

describe('an acknowledgement', () => {
  it('is the SHA-256 of exactly what the market then holds', async () => {
    const market = await openMarket('acknowledged');
    const { hash, ...content } = must(await bid(market, offer(100, 5_000_000)));
    expect(await sha256Hex(canonicalJson(content))).toBe(hash);
    const committed = must(await putCommitment(market.call(), COMPANY, market.queue, 1, demand(50)));
    const { hash: acknowledged, ...made } = committed;
    expect(await sha256Hex(canonicalJson(made))).toBe(acknowledged);
    expect(await readCommitment(market.call(), COMPANY, market.queue, 1)).toEqual(committed);
  });
});

describe('the hard close', () => {
  it('takes the last millisecond before it, and refuses the next with the dates of the round to come', async () => {
    const market = await openMarket('late');
    market.now = HARD_CLOSE - 1;
    must(await bid(market, offer(100, 5_000_000)));
    must(await putCommitment(market.call(), COMPANY, market.queue, 1, demand(50)));
    market.now = HARD_CLOSE;
    // Round 2 covers March: it opens on 1 February and closes a day before 1 March.
    const late = {
      ok: false,
      code: 'round_not_open',
      extra: { field: 'round', nextRound: 2, nextClosesAt: '2026-02-28T00:00:00.000Z' },
    };
    const refused = await bid(market, offer(100, 4_000_000));
    expect(refused).toMatchObject(late);
    expect(refused.ok ? '' : refused.detail).toContain(
      'opens when the one before it begins, at 2026-02-01T00:00:00.000Z',
    );
    expect(await putCommitment(market.call(), COMPANY, market.queue, 1, demand(60))).toMatchObject(late);
    expect(await withdrawBid(market.call(), PROVIDER.tenant, market.queue, 1)).toMatchObject(late);
    expect(await withdrawCommitment(market.call(), COMPANY, market.queue, 1)).toMatchObject(late);
    await market.advance(FEBRUARY + MINUTE);
    const open = await bid(market, offer(100, 4_000_000));
    expect(open).toMatchObject(late);
    expect(open.ok ? '' : open.detail).toContain('Round 2 takes bids and commitments until 2026-02-28T00:00:00.000Z');
    expect((await readBid(market.call(), PROVIDER.tenant, market.queue, 1))?.tiers[0]?.priceMicros).toBe(5_000_000);
  });
});

describe('before a provisional clearing', () => {
  it('bids and commitments are changed for the worse and withdrawn as their owners like', async () => {
    const market = await openMarket('free');
    must(await bid(market, offer(100, 5_000_000)));
    must(await bid(market, offer(10, 8_000_000)));
    must(await withdrawBid(market.call(), PROVIDER.tenant, market.queue, 1));
    expect(await readBid(market.call(), PROVIDER.tenant, market.queue, 1)).toBeUndefined();
    expect(await withdrawBid(market.call(), PROVIDER.tenant, market.queue, 1)).toMatchObject({ code: 'not_found' });
    must(await putCommitment(market.call(), COMPANY, market.queue, 1, demand(50)));
    must(await withdrawCommitment(market.call(), COMPANY, market.queue, 1));
    expect(await readCommitment(market.call(), COMPANY, market.queue, 1)).toBeUndefined();
  });
});

describe('after the first provisional clearing', () => {
  it('a bid is improved, but neither worsened nor withdrawn; the one that stands is untouched by a refusal', async () => {
    const market = await openMarket('improve');
    must(await bid(market, offer(100, 5_000_000)));
    await clearProvisionally(market);
    expect(await bid(market, offer(100, 5_000_001))).toMatchObject({
      code: 'bid_may_only_improve',
      extra: { field: 'tiers' },
    });
    expect(await bid(market, offer(99, 1))).toMatchObject({ extra: { field: 'capacity' } });
    expect(await withdrawBid(market.call(), PROVIDER.tenant, market.queue, 1)).toMatchObject({
      code: 'bid_may_only_improve',
    });
    const better = must(await bid(market, offer(120, 4_500_000)));
    expect(await readBid(market.call(), PROVIDER.tenant, market.queue, 1)).toEqual(better);
    // What was allowed before the improvement is worse now.
    expect(await bid(market, offer(100, 5_000_000))).toMatchObject({ code: 'bid_may_only_improve' });
  });

  it('a first bid is still placed, and from then on may only improve', async () => {
    const market = await openMarket('newcomer');
    await clearProvisionally(market);
    must(await bid(market, offer(100, 5_000_000)));
    expect(await bid(market, offer(100, 6_000_000))).toMatchObject({ code: 'bid_may_only_improve' });
  });

  it('a commitment is changed and withdrawn freely', async () => {
    const market = await openMarket('commitment stays free');
    must(await putCommitment(market.call(), COMPANY, market.queue, 1, demand(50)));
    await clearProvisionally(market);
    must(await putCommitment(market.call(), COMPANY, market.queue, 1, demand(5)));
    must(await withdrawCommitment(market.call(), COMPANY, market.queue, 1));
  });

  it('of changes made at once none undoes another: what stands is the best of those that were accepted', async () => {
    const market = await openMarket('at once');
    must(await bid(market, offer(100, 9_000_000)));
    await clearProvisionally(market);
    const prices = [4_000_000, 8_000_000, 2_000_000, 6_000_000];
    const outcomes = await Promise.all(prices.map((price) => bid(market, offer(100, price))));
    const accepted = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value.tiers[0]!.priceMicros] : []));
    expect(accepted.length).toBeGreaterThan(0);
    const standing = await readBid(market.call(), PROVIDER.tenant, market.queue, 1);
    expect(standing?.tiers[0]?.priceMicros).toBe(Math.min(...accepted));
    for (const outcome of outcomes)
      if (!outcome.ok) expect(['bid_may_only_improve', 'still_running']).toContain(outcome.code);
  });

  it('a change that was judged before it, and written after it, is judged again', async () => {
    const market = await openMarket('between');
    must(await bid(market, offer(100, 5_000_000)));
    const slow = market.call();
    const transact = slow.tables.transact.bind(slow.tables);
    let between = 0;
    slow.tables.transact = async (writes) => {
      if (between++ === 0) await clearProvisionally(market);
      return transact(writes);
    };
    const worse = await putBid(slow, PROVIDER, market.queue, 1, offer(100, 7_000_000));
    expect(worse).toMatchObject({ ok: false, code: 'bid_may_only_improve' });
    expect((await readBid(market.call(), PROVIDER.tenant, market.queue, 1))?.tiers[0]?.priceMicros).toBe(5_000_000);
  });
});

describe('what rolls over', () => {
  let joined = 0;
  async function join(market: TestMarket, input: RegistrationInput, qualityBps?: number): Promise<string> {
    const person = { user: `roll ${joined}`, email: null };
    const { id } = await registerOrganisation(market.tables, person, input, `roll ${joined++}`, market.now);
    await changeStatus(market.tables, id, 'approve', { qualityBps });
    return id;
  }
  const company = (market: TestMarket) => join(market, { kind: 'company', name: 'Acme Bank' });
  const provider = async (market: TestMarket) => ({
    ...PROVIDER,
    tenant: await join(market, { kind: 'provider', name: 'Helpers', providerKind: 'agent_pool' }, 9_000),
  });

  it('stands once in the next round when it opens, sealed anew; what does not roll over does not', async () => {
    const market = await openMarket('standing');
    const [standing, once] = [await provider(market), await provider(market)];
    const [acme, other] = [await company(market), await company(market)];
    const first = must(await bid(market, offer(100, 5_000_000, { rollOver: true }), standing));
    must(await bid(market, offer(100, 5_000_000), once));
    must(await putCommitment(market.call(), acme, market.queue, 1, demand(50, { rollOver: true })));
    must(await putCommitment(market.call(), other, market.queue, 1, demand(50)));
    await changeStatus(market.tables, standing.tenant, 'approve', { qualityBps: 7_500 });
    await market.advance(FEBRUARY + MINUTE);
    const copy = await readBid(market.call(), standing.tenant, market.queue, 2);
    expect(copy).toMatchObject({ round: 2, rolledFrom: 1, capacity: 100, rollOver: true, qualityBps: 7_500 });
    expect(copy?.hash).not.toBe(first.hash);
    const { hash, ...content } = copy!;
    expect(await sha256Hex(canonicalJson(content))).toBe(hash);
    expect(await readCommitment(market.call(), acme, market.queue, 2)).toMatchObject({ volume: 50, rolledFrom: 1 });
    expect(await readBid(market.call(), once.tenant, market.queue, 2)).toBeUndefined();
    expect(await readCommitment(market.call(), other, market.queue, 2)).toBeUndefined();
  });

  it('is changed, switched off or withdrawn in the new round for good, however often the step is repeated', async () => {
    const market = await openMarket('switched off');
    const [kept, gone] = [await provider(market), await provider(market)];
    await market.advance(START + HOUR);
    for (const each of [kept, gone]) must(await bid(market, offer(100, 5_000_000, { rollOver: true }), each));
    await market.advance(FEBRUARY + MINUTE);
    must(await withdrawBid(market.call(), gone.tenant, market.queue, 2));
    must(await bid(market, offer(10, 8_000_000, { rollOver: false }), kept, 2));
    await market.advance(Date.parse('2026-02-10T00:00:00Z'));
    expect(await readBid(market.call(), gone.tenant, market.queue, 2)).toBeUndefined();
    await market.advance(Date.parse('2026-02-28T00:01:00Z'));
    await market.advance(Date.parse('2026-03-01T00:01:00Z'));
    expect((await readRound(market.tables, market.queue, 3, { consistent: true }))?.state).toBe('open');
    for (const each of [kept, gone]) expect(await readBid(market.call(), each.tenant, market.queue, 3)).toBeUndefined();
  });

  it('is copied under new terms as it is, and left out where its owner was suspended', async () => {
    const market = await openMarket('new terms');
    const [acme, suspended] = [await company(market), await company(market)];
    const body = demand(50, { rollOver: true, reserveMicros: 8_000_000 });
    for (const each of [acme, suspended]) must(await putCommitment(market.call(), each, market.queue, 1, body));
    must(await publishTerms(market.call(), market.queue, { ...market.terms, ceilingMicros: 6_000_000 }));
    await changeStatus(market.tables, suspended, 'suspend');
    await market.advance(FEBRUARY + MINUTE);
    expect((await readRound(market.tables, market.queue, 2))?.termsVersion).toBe(2);
    expect(await readCommitment(market.call(), acme, market.queue, 2)).toMatchObject({ reserveMicros: 8_000_000 });
    expect(await readCommitment(market.call(), suspended, market.queue, 2)).toBeUndefined();
  });
});
