/** What an outcome comes to: split credit, rejections, receipts, audits, reputation. Each test's name is the guarantee. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { type Lease, leaseIdOf } from '../../shared/dispatch/lease.ts';
import { beat, endTurn, readOwnLease, resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';

import { allEntries, MARKET_LIST } from '../../shared/ledger/ledger.store.ts';
import { changeStatus, readOrganisation, registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { newReceiptKey, signReceipt } from '../../shared/receipt/jws.ts';
import { jwksOf } from '../../shared/receipt/keys.ts';
import { receiptOfLease, receiptOfRequest } from '../../shared/receipt/receipt.store.ts';
import { verifyReceipt } from '../../shared/receipt/verify.ts';
import { readOwnReputation, readReputation } from '../../shared/reputation/reputation.store.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead } from '../../shared/request/request.store.ts';
import { listSamples, recordAudit } from '../../shared/resolution/audit.store.ts';
import { confirm, personPlease, reject, reopen } from '../../shared/resolution/resolution.store.ts';
import type { Terms } from '../../shared/terms/terms.ts';
import { startTestTables } from '../support/engine.ts';
import { addUp } from '../support/ledger.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TERMS, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const POOL = 'pr_pool000001';
const PROGRAM = 'pr_auto000001';

let engine: Awaited<ReturnType<typeof startTestTables>>;
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());

/** One company awarded ten at a program for 1.00; a pool of people at 2.00 stands by. */
async function market(category: string, terms: Partial<Terms> = {}): Promise<TestMarket> {
  const made = new TestMarket(engine.tables, { ...TERMS, ...terms });
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
    const balances = addUp(all);
    expect(balances.reduce((sum, { debitMicros, creditMicros }) => sum + debitMicros - creditMicros, 0)).toBe(0);
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
      expect(charge!.facts.splitMicros).toBeUndefined();
      expect(await entriesOf(made, PROGRAM, request.id)).toEqual([]);
    }
  });
});

describe('the company that rejects', () => {
  const rejection = { code: 'wrong_answer', text: 'The customer asked for the other account.' } as const;

  it('gives its reason to the provider, three times at the most; the customer may go on', async () => {
    const made = await market('rejects');
    const request = await send(made, 'one');
    const provider = async () => (await head(made, request.id)).provider ?? '';
    for (let i = 0; i < 3; i++) {
      const lease = await claimOne(made, await provider());
      await resolve(made, lease.provider, lease);
      must(await reject(made.call(), await head(made, request.id), rejection));
      const turn = await readOwnLease(made.call(), lease.provider, leaseIdOf(lease));
      expect(turn).toMatchObject({ state: 'reopened', rejection });
      // Said again it is the same answer, and no further rejection.
      must(await reject(made.call(), await head(made, request.id), rejection));
    }
    const lease = await claimOne(made, await provider());
    await resolve(made, lease.provider, lease);
    const fourth = await reject(made.call(), await head(made, request.id), rejection);
    expect(fourth).toMatchObject({ ok: false, code: 'rejections_used' });
    must(await reopen(made.call(), await head(made, request.id), 'customer'));
  });
});

describe('receipts', () => {
  it('are not given before the outcome is final, and then say the same to each party from its own side, each time', async () => {
    const made = await market('receipts');
    const keys = [await newReceiptKey(0)];
    const request = await send(made, 'one');
    const lease = await claimOne(made, PROGRAM);
    expect(await receiptOfLease(made.call(), leaseIdOf(lease), 'provider')).toMatchObject({ code: 'not_resolved' });
    await resolve(made, PROGRAM, lease);
    made.now += HOUR;
    must(await confirm(made.call(), await head(made, request.id), 'customer'));
    const early = await receiptOfRequest(made.call(), await head(made, request.id), 'company');
    expect(early).toMatchObject({ code: 'receipt_not_ready', retryable: true });
    await made.advance(made.now + 9 * DAY);
    const now = await head(made, request.id);
    const company = must(await receiptOfRequest(made.call(), now, 'company'));
    const provider = must(await receiptOfLease(made.call(), leaseIdOf(lease), 'provider'));
    const customer = must(await receiptOfRequest(made.call(), now, 'customer'));
    expect(company.price).toEqual({ currency: 'USD', micros: request.priceMicros, means: 'charged' });
    expect(provider.price).toEqual({ currency: 'USD', micros: 1_000_000, means: 'paid' });
    expect(customer.price).toBeNull();
    expect(company.confirmation).toEqual({
      kind: 'confirmed',
      at: new Date(SECOND_OF_FEBRUARY + HOUR).toISOString(),
      by: 'customer',
    });
    const text = await signReceipt(company, keys);
    made.now += 30 * DAY;
    expect(await signReceipt(must(await receiptOfRequest(made.call(), now, 'company')), keys)).toBe(text);
    expect(await verifyReceipt(text, jwksOf(keys))).toMatchObject({ ok: true });
  });

  it('prove a turn that the company rejected, unpaid, and the silence that another one ended in', async () => {
    const made = await market('unpaid');
    const request = await send(made, 'one');
    const first = await claimOne(made, PROGRAM);
    await resolve(made, PROGRAM, first);
    must(await reject(made.call(), await head(made, request.id), { code: 'not_done', text: '' }));
    const rejected = must(await receiptOfLease(made.call(), leaseIdOf(first), 'provider'));
    expect(rejected).toMatchObject({ confirmation: { kind: 'rejected', by: 'company' }, price: null, settledAt: null });
    await resolve(made, PROGRAM, await claimOne(made, PROGRAM));
    const resolvedAt = made.now;
    await made.advance(made.now + 9 * DAY);
    const settled = must(await receiptOfRequest(made.call(), await head(made, request.id), 'company'));
    const assumedAt = new Date(resolvedAt + made.terms.silenceHours * HOUR).toISOString();
    expect(settled.confirmation).toEqual({ kind: 'assumed', at: assumedAt, by: null });
    expect(settled.price!.micros).toBe(Math.floor((request.priceMicros! * 7) / 10));
    // The first turn's receipt stays what it was.
    expect(must(await receiptOfLease(made.call(), leaseIdOf(first), 'provider'))).toEqual(rejected);
  });
});

describe('reputation', () => {
  it('is measured at the round’s close from what became of its requests, and again with each audit', async () => {
    const made = new TestMarket(engine.tables, { ...TERMS, auditBps: 10_000 });
    const person = { user: 'founder', email: null };
    const join = async (name: string, approval = {}) => {
      const input = { kind: 'provider', name, providerKind: 'agent_pool' } as const;
      const { id } = await registerOrganisation(made.tables, person, input, name, made.now);
      await changeStatus(made.tables, id, 'approve', approval);
      return id;
    };
    const pool = await join('Pool', { qualityBps: 9_000 });
    const company = (
      await registerOrganisation(made.tables, person, { kind: 'company', name: 'Bank' }, 'bank', made.now)
    ).id;
    await made.open('measured');
    await made.commit(company, 4);
    await made.bid(pool, 'agent_pool', { capacity: 12, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
    await made.advance(FEBRUARY - 23 * HOUR);
    await made.advance(FEBRUARY + MINUTE);
    made.now = SECOND_OF_FEBRUARY;
    for (let i = 0; i < 4; i++)
      must(
        await acceptRequest(
          made.call(),
          company,
          { externalId: `m${i}`, queue: made.queue, customer: `m${i}`, text: '', fields: {} },
          null,
        ),
      );
    const leases = [];
    for (let i = 0; i < 4; i++) {
      const lease = await claimOne(made, pool);
      await resolve(made, pool, lease);
      leases.push(lease);
    }
    must(await confirm(made.call(), await head(made, leases[0]!.request), 'customer'));
    must(await reject(made.call(), await head(made, leases[1]!.request), { code: 'other', text: '' }));
    await resolve(made, pool, await claimOne(made, pool));
    await made.advance(made.now + 9 * DAY);
    await made.advance(Date.parse('2026-03-01T00:01:00Z'));
    await made.advance(Date.parse('2026-03-12T00:01:00Z'));
    // Prior 50 at 0.9 = 45; confirmed 1, assumed 3 at 0.9, rejected 1: (45 + 1 + 2.7) / 55 = 0.88545…
    expect((await readOrganisation(made.tables, pool))!.qualityBps).toBe(8_854);
    const own = (await readOwnReputation(made.call(), pool))!;
    expect(own).toMatchObject({ qualityBps: 8_854, priorBps: 9_000, sample: 'few', audits: { pass: 0, fail: 0 } });
    expect(own.rounds[0]!.evidence).toMatchObject({ confirmed: 1, assumed: 3, rejected: 1 });
    expect(await readReputation(made.call(), company)).toMatchObject({
      kind: 'company',
      rejectedBps: null,
      sample: 'few',
    });

    const { samples } = await listSamples(made.call(), made.queue, '2026-02', { limit: 50 });
    const open = samples.filter((sample) => sample.state === 'resolved');
    expect(open).toHaveLength(3);
    const result = { result: 'fail', reason: 'The booking is still shown twice.' } as const;
    must(await recordAudit(made.call(), open[0]!.lease, 'ada', result));
    must(await recordAudit(made.call(), open[0]!.lease, 'ada', result));
    // w = 9/11 = 0.8181 (in basis points, rounded down): (45 + 1 + 3·0.8181) / 55 = 0.88098…
    expect((await readOrganisation(made.tables, pool))!.qualityBps).toBe(8_809);
    expect(await recordAudit(made.call(), open[0]!.lease, 'bob', { ...result, result: 'pass' })).toMatchObject({
      code: 'audit_decided',
    });
    expect(await recordAudit(made.call(), leaseIdOf(leases[0]!), 'ada', result)).toMatchObject({ code: 'not_found' });
  });
});
