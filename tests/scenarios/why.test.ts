/** Why a company pays its price and why a provider won or lost, over the API, from a round cleared through the stores. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handler as company } from '../../functions/api/company.ts';
import { handler as provider } from '../../functions/api/provider.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import type { Role } from '../../shared/identity/identity.ts';
import { HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { CompanyExplanation, explainProvider, ProviderExplanation } from '../../shared/market/round-file/explain.ts';
import { readSealedFile } from '../../shared/round/round-file.store.ts';
import { type ApiHandler, TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, TERMS, TestMarket } from '../support/round.ts';

/** With the requests each commits: 20 in all. */
const COMPANIES = [
  ['co_why0000001', 10],
  ['co_why0000002', 6],
  ['co_why0000003', 4],
] as const;
/** Ten requests each at 2.00, 3.00, 4.00, 5.00: the first two serve all. */
const PROVIDERS = ['pr_why0000001', 'pr_why0000002', 'pr_why0000003', 'pr_why0000004'] as const;
const LOSER = PROVIDERS[2];

let engine: TestTables;
let edge: TestEdge;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());
beforeEach(() => {
  edge = new TestEdge(engine.tables);
});

async function bidInMarket(category: string, publishSealedFile: boolean, bidders = 4): Promise<TestMarket> {
  const own = new TestMarket(engine.tables, { ...TERMS, publishSealedFile });
  await own.open(category);
  for (const [id, volume] of COMPANIES) await own.commit(id, volume);
  for (const [i, id] of PROVIDERS.slice(0, bidders).entries()) {
    const price = (i + 2) * 1_000_000;
    const tiers = [
      { minVolume: 0, priceMicros: price + 500_000 },
      { minVolume: 10, priceMicros: price },
    ];
    // One with a price for the full award only, so that there are tiers to choose.
    await own.bid(id, 'agent_pool', { capacity: 10, tiers: i === 0 ? tiers : [{ minVolume: 0, priceMicros: price }] });
  }
  return own;
}

async function activeMarket(category: string, publishSealedFile: boolean, bidders = 4): Promise<TestMarket> {
  const own = await bidInMarket(category, publishSealedFile, bidders);
  await own.advance(FEBRUARY - 23 * HOUR);
  await own.advance(FEBRUARY + MINUTE);
  return own;
}

async function ask(handler: ApiHandler, queue: string, path: string, tenant: string, role: Role) {
  const user = `${tenant}-${role}`;
  await addMember(engine.tables, tenant, { user, email: null, roles: [role] }, edge.now);
  const token = edge.person(user);
  return edge.call(handler, `GET /v1/queues/{queue}/rounds/{round}/${path}`, { params: { queue, round: '1' }, token });
}
const askCompany = (queue: string, tenant: string) => ask(company, queue, 'why', tenant, 'company.finance');
const askProvider = (queue: string, tenant: string) => ask(provider, queue, 'provider-why', tenant, 'provider.finance');

describe('why', () => {
  it.each([
    ['under names of the round', true],
    ['under real names', false],
  ])('a company pays its price is told to it, in a round cleared %s', async (category, publishSealedFile) => {
    const own = await activeMarket(`why company ${category}`, publishSealedFile);
    let paidMicros = 0;
    for (const [id, volume] of COMPANIES) {
      const answer = await askCompany(own.queue, id);
      expect(answer.status).toBe(200);
      const { why, explanation } = CompanyExplanation.parse(answer.body);
      expect(explanation).toContain(`${volume} of your ${volume} requests are served at USD `);
      expect(why.referenceMicros + why.balanceMicros).toBe(why.surplusMicros);
      paidMicros += volume * why.unitPriceMicros!;
      const text = JSON.stringify(answer.body);
      for (const other of [...COMPANIES.map(([name]) => name), ...PROVIDERS]) expect(text).not.toContain(other);
    }
    // Ten at 2.00 and ten at 3.00 and the fee; of a company's requests the first few may cost a micro-unit more.
    const cost = 50_000_000 + (50_000_000 * TERMS.feeBps) / 10_000;
    expect(paidMicros).toBeLessThanOrEqual(cost);
    expect(paidMicros).toBeGreaterThan(cost - 20);
  });

  it.each([
    ['under names of the round', true],
    ['under real names', false],
  ])('a provider lost, and what would have won, is told to it, in a round cleared %s', async (category, publish) => {
    const own = await activeMarket(`why provider ${category}`, publish);
    const answer = await askProvider(own.queue, LOSER);
    expect(answer.status).toBe(200);
    const { why, explanation } = ProviderExplanation.parse(answer.body);
    if (why.outcome !== 'outbid' || !why.priceToWin.told) throw new Error(`not told: ${explanation}`);
    // The dearest winner asks 3.00: at that, or a micro-unit below where the order is against it, rounded down by up to 1 %.
    expect(why.priceToWin.micros).toBeGreaterThan(2_970_000 - 2);
    expect(why.priceToWin.micros).toBeLessThanOrEqual(3_000_000);
    expect(explanation).toMatch(/^Others serve the demand better than you.* At [23]\.\d+ \(rounded down/);
  });

  it('a provider won is told to it without a price to win', async () => {
    const own = await activeMarket('why winner', true);
    const { body } = await askProvider(own.queue, PROVIDERS[0]);
    expect(body).toMatchObject({ why: { outcome: 'awarded', awarded: 10, limit: 'capacity', nextTier: null } });
    expect(JSON.stringify(body)).not.toContain('priceToWin');
    expect(body.explanation).toBe('You are awarded all 10 requests that you offered, at 2.00 each.');
  });

  it('a provider lost is told without a price to win below four bidders', async () => {
    const own = await activeMarket('why few', true, 3);
    const { body } = await askProvider(own.queue, LOSER);
    expect(body.why).toEqual({ outcome: 'outbid', priceToWin: { told: false, because: 'few_bidders' } });
    expect(body.explanation).toContain('told from 4 bidders on');
  });

  it('a provider lost is told without a price to win, and says so, where clearing again takes too much', async () => {
    const own = await activeMarket('why large', true);
    const sealed = (await readSealedFile(own.call(), own.queue, 1))!;
    const within = { pairs: 12, nodes: 3_000, augmentations: 100_000 };
    const told = await explainProvider(sealed, LOSER, within);
    expect(told!.why).toMatchObject({ outcome: 'outbid', priceToWin: { told: true } });
    for (const limits of [
      { ...within, pairs: 11 },
      { ...within, nodes: 0 },
    ]) {
      const untold = await explainProvider(sealed, LOSER, limits);
      expect(untold!.why).toEqual({ outcome: 'outbid', priceToWin: { told: false, because: 'too_large' } });
      expect(untold!.explanation).toContain('this market is too large to be cleared again while you wait');
    }
  });

  it('is told to no one who was not in the round, to no one of the other side, and not before the round begins', async () => {
    const own = await bidInMarket('why early', true);
    const codes = async (asked: readonly (readonly [ApiHandler, string, string, Role])[]) =>
      Promise.all(
        asked.map(async ([handler, path, ...who]) => (await ask(handler, own.queue, path, ...who)).body.code),
      );
    const parties = [
      [company, 'why', COMPANIES[0][0], 'company.admin'],
      [provider, 'provider-why', LOSER, 'provider.admin'],
    ] as const;
    expect(await codes(parties)).toEqual(['round_not_cleared', 'round_not_cleared']);
    await own.advance(FEBRUARY - 23 * HOUR);
    expect(await codes(parties)).toEqual(['round_not_cleared', 'round_not_cleared']);
    await own.advance(FEBRUARY + MINUTE);
    expect(
      await codes([
        [company, 'why', 'co_why0000009', 'company.admin'],
        [provider, 'provider-why', 'pr_why0000009', 'provider.admin'],
        [provider, 'provider-why', COMPANIES[1][0], 'company.admin'],
        [company, 'why', PROVIDERS[1], 'provider.admin'],
      ]),
    ).toEqual(['not_found', 'not_found', 'forbidden', 'forbidden']);
  });
});
