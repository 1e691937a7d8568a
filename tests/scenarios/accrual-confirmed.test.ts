/** What is confirmed and not charged yet is accrued: between the customer's word and the end of the reopen window. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { resolveTurn } from '../../shared/dispatch/turn.store.ts';
import { confirmedBy } from '../../shared/finance-report/confirmed.store.ts';
import { accruals } from '../../shared/finance-report/finance-report.store.ts';
import { DAY, HOUR, iso, MINUTE } from '../../shared/kernel/time.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead } from '../../shared/request/request.store.ts';
import { confirm, reopen } from '../../shared/resolution/resolution.store.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TERMS, TestMarket } from '../support/round.ts';

const COMPANY = 'co_aaaa000001';
const OTHER = 'co_bbbb000001';
const LATE = 'co_late000001';
const POOL = 'pr_pool000001';
/** Reopened within a week. */
const WINDOW = 168 * HOUR;
let engine: TestTables;
let made: TestMarket;
let priceMicros: number;
let resolvedAt: number;
let third: string;

const accrued = async (now: number, at?: number) => {
  const rows = must(await accruals({ ...made.call(), now }, [COMPANY, OTHER], '2026-02', at));
  return rows.map(({ company, currency, accruedMicros, confirmedMicros }) => [
    company,
    currency,
    accruedMicros,
    confirmedMicros,
  ]);
};
const head = async (id: string) => (await readHead(made.call(), id, { consistent: true }))!;

/** Three requests resolved at once: the first two are confirmed after an hour and after two; of the third nobody says anything. */
beforeAll(async () => {
  engine = await startTestTables();
  made = new TestMarket(engine.tables, TERMS);
  await made.open('accrual');
  for (const company of [COMPANY, OTHER]) await made.commit(company, 10);
  await made.bid(POOL, 'agent_pool', { capacity: 30, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] });
  await made.advance(FEBRUARY - 23 * HOUR);
  await made.advance(FEBRUARY + MINUTE);
  made.now = SECOND_OF_FEBRUARY;
  const ids: string[] = [];
  for (const externalId of ['one', 'two', 'three']) {
    const input = { externalId, queue: made.queue, customer: externalId, text: 'Hello', fields: {} };
    const { view } = must(await acceptRequest(made.call(), COMPANY, input, null));
    ids.push(view.id);
    priceMicros = view.priceMicros ?? 0;
  }
  const { work } = await claimWork(made.call(), POOL, [made.queue], 3, Math.random);
  resolvedAt = made.now;
  for (const { lease } of work)
    must(await resolveTurn(made.call(), POOL, leaseIdOf(lease), { code: 'solved', summary: 'Done.', evidence: '' }));
  for (const id of ids.slice(0, 2)) {
    made.now += HOUR;
    must(await confirm(made.call(), await head(id), 'customer'));
  }
  third = ids[2] ?? '';
});
afterAll(() => engine.stop());

it('from the customer’s word on, at the price it will be charged at, and only that company', async () => {
  expect(priceMicros).toBeGreaterThan(2_000_000);
  const now = resolvedAt + 3 * HOUR;
  expect(await accrued(now, resolvedAt + HOUR - 1)).toEqual([]);
  expect(await accrued(now, resolvedAt + HOUR)).toEqual([[COMPANY, 'USD', 0, priceMicros]]);
  expect(await accrued(now)).toEqual([[COMPANY, 'USD', 0, 2 * priceMicros]]);
});

it('of who came late to a round, without a commitment, too', async () => {
  const input = { externalId: 'late', queue: made.queue, customer: 'late', text: 'Hello', fields: {} };
  const { view } = must(await acceptRequest(made.call(), LATE, input, null));
  const { work } = await claimWork(made.call(), POOL, [made.queue], 1, Math.random);
  const outcome = { code: 'solved', summary: 'Done.', evidence: '' } as const;
  must(await resolveTurn(made.call(), POOL, leaseIdOf(work[0]!.lease), outcome));
  must(await confirm(made.call(), await head(view.id), 'customer'));
  const rows = must(await accruals(made.call(), [LATE], '2026-02', undefined));
  expect(rows).toMatchObject([{ company: LATE, confirmedMicros: view.priceMicros, accruedMicros: 0 }]);
});

it('counts what no longer stands not at all', async () => {
  must(await confirm(made.call(), await head(third), 'customer'));
  expect(await accrued(made.now)).toEqual([[COMPANY, 'USD', 0, 3 * priceMicros]]);
  must(await reopen(made.call(), await head(third), 'customer'));
  expect(await accrued(made.now)).toEqual([[COMPANY, 'USD', 0, 2 * priceMicros]]);
});

it('says null where there are more requests than one call may look at', async () => {
  expect(await confirmedBy(made.call(), COMPANY, made.now, { requests: 3 })).toBeNull();
  const all = await confirmedBy(made.call(), COMPANY, made.now, { requests: 4 });
  expect([...(all ?? [])]).toEqual([['USD', 2 * priceMicros]]);
});

it('is in the account once it is charged, and not in both', async () => {
  await made.advance(resolvedAt + WINDOW + DAY);
  expect(await accrued(made.now)).toEqual([[COMPANY, 'USD', 2 * priceMicros, 0]]);
  // A moment before the window passed it was confirmed, and in no account.
  const before = resolvedAt + WINDOW - 1;
  expect(await accrued(made.now, before)).toEqual([[COMPANY, 'USD', 0, 2 * priceMicros]]);
  expect(iso(before).slice(0, 7)).toBe('2026-02');
});
