/** Machines whose clocks stand apart: within half a minute nobody notices, beyond it a turn may end early and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { leasePartitions, readLease } from '../../shared/dispatch/lease.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { sweepLeases } from '../../shared/dispatch/sweep.store.ts';
import { beat, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/kernel/time.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readOwnHead } from '../../shared/request/request.store.ts';
import { windowClassOf } from '../../shared/terms/terms.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const [SLOW, FAST] = ['pr_pool000001', 'pr_pool000002'];
const DONE = { code: 'solved', summary: 'Booked.', evidence: '' } as const;
let engine: TestTables;
let market: TestMarket;
beforeAll(async () => {
  engine = await startTestTables();
  market = new TestMarket(engine.tables);
  await market.open('clock skew');
  await market.commit(COMPANY, 10);
  for (const provider of [SLOW, FAST])
    await market.bid(provider, 'agent_pool', { capacity: 20, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await market.advance(FEBRUARY - 23 * HOUR);
  await market.advance(FEBRUARY + MINUTE);
  market.now = SECOND_OF_FEBRUARY;
});
afterAll(() => engine.stop());

async function send(externalId: string) {
  const request = { externalId, queue: market.queue, customer: externalId, text: 'Hello', fields: {} };
  return must(await acceptRequest(market.call(), COMPANY, request, null)).view;
}

/** The sweep over lease ends as a machine runs it whose clock shows `now`. */
async function sweepAt(now: number): Promise<void> {
  for (const partition of await leasePartitions(market.call(now), windowClassOf(market.terms), '2026-01-01'))
    await sweepLeases(market.call(now), partition, 'lease_end');
}

/** Claims one request at the instant that a machine's clock shows. */
async function claim(provider: string, now: number) {
  const { work } = await claimWork(market.call(now), provider, [market.queue], 1, () => 0);
  return work[0]!.lease;
}

describe('clocks', () => {
  it('half a minute apart end no turn that is beaten in time', async () => {
    const { provider } = await send('within');
    const lease = await claim(provider!, market.now - 30 * SECOND);
    // Its machine is half a minute behind, the sweep's half a minute ahead: a beat just before the end comes in time.
    const end = lease.leaseUntil;
    await sweepAt(end + 30 * SECOND);
    expect((await readLease(market.call(), leaseIdOf(lease), { consistent: true }))?.state).toBe('held');
    expect((await beat(market.call(end + 30 * SECOND), provider!, leaseIdOf(lease), true)).ok).toBe(true);
    expect((await resolveTurn(market.call(end), provider!, leaseIdOf(lease), DONE)).ok).toBe(true);
  });

  it('ten minutes apart may end a turn early: its holder is refused, the work goes on elsewhere, and one charge comes of it', async () => {
    market.now = SECOND_OF_FEBRUARY + 2 * HOUR;
    const { id, provider } = await send('beyond');
    const lease = await claim(provider!, market.now);
    await sweepAt(lease.leaseUntil + 10 * MINUTE);
    const stale = await resolveTurn(market.call(), provider!, leaseIdOf(lease), DONE);
    expect(stale).toMatchObject({ ok: false, code: 'lease_ended' });
    const head = (await readOwnHead(market.call(), COMPANY, id))!;
    expect(head.state).toBe('ready');
    const next = head.provider!;
    market.now = lease.leaseUntil + 11 * MINUTE;
    const again = await claim(next, market.now);
    expect(again.request).toBe(id);
    expect((await resolveTurn(market.call(), next, leaseIdOf(again), DONE)).ok).toBe(true);
    await market.advance(market.now + 8 * DAY);
    await market.advance(market.now + DAY);
    const charged = await allEntries(market.call(), COMPANY, '2026-02');
    expect(charged.filter(({ facts }) => (facts as { request?: string }).request === id)).toHaveLength(1);
  });
});
