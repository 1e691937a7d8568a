/** Providers' pay, from settled charges to transfers, on the engine and the stand-in. Every case has a month of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, monthOf } from '../../shared/kernel/time.ts';
import type { Leg } from '../../shared/ledger/ledger.ts';
import { endOf } from '../../shared/ledger/period.ts';
import { debtGivenUpLegs } from '../../shared/ledger/postings/payout.ts';
import { shortfallLegs } from '../../shared/ledger/postings/round.ts';
import { readAccount } from '../../shared/payout/account.store.ts';
import { closedThrough, foldBook } from '../../shared/payout/book.store.ts';
import { approveDebt, listDebts, proposeDebt, withdrawDebt } from '../../shared/payout/debt.store.ts';
import { owedInAll } from '../../shared/payout/draft.store.ts';
import { earnedIn } from '../../shared/payout/earned.store.ts';
import { holdPayouts, releaseHold } from '../../shared/payout/hold.store.ts';
import { readPayable } from '../../shared/payout/payable.store.ts';
import { listPayouts, payoutLines } from '../../shared/payout/payout.store.ts';
import { payoutIdOf } from '../../shared/payout/payout.ts';
import { giveBackPurse, takePurse } from '../../shared/payout/purse.store.ts';
import { remittancePage } from '../../shared/payout/remittance.store.ts';
import { approveRun, dropRun, makeRun, readRun, workRun } from '../../shared/payout/run.store.ts';
import { listRunLines } from '../../shared/payout/run-line.store.ts';
import { issueDocuments, listDocuments } from '../../shared/payout/self-billed.store.ts';
import { taxReport } from '../../shared/payout/tax-report.store.ts';
import { openPayWorld, type PayWorld } from '../support/payouts.ts';
import { TERMS, TestMarket } from '../support/round.ts';

let world: PayWorld;
let cases = 0;
beforeAll(async () => {
  world = await openPayWorld();
  await world.fund(10_000_000);
});
afterAll(() => world.stop());

/** A company, a provider and an open month. */
async function begin(more: Parameters<PayWorld['provider']>[1] = {}) {
  const start = Date.UTC(2026, 4 * cases++, 5, 9);
  world.at(start);
  const period = monthOf(start);
  const name = `case${cases}`;
  const [company, provider] = [await world.company(name), await world.provider(name, more)];
  const charge = (n: number, bidMicros: number) => {
    world.at(start + n * 1_000);
    return world.charge({ company, provider, request: `${name}-${n}`, bidMicros, feeMicros: 0 });
  };
  const post = (event: string, kind: Parameters<PayWorld['post']>[0]['kind'], legs: Leg[], request: string | null) =>
    world.post({
      event: `${event}#${name}`,
      kind,
      currency: 'EUR',
      legs,
      company,
      provider,
      occurredAt: world.call().now,
      facts: { request },
    });
  return { name, start, period, end: endOf(period), company, provider, charge, post };
}

/** Makes, approves and pays a run, and answers its line of a provider. */
async function pay(run: string, provider: string) {
  await makeRun(world.call(), run, 'maker');
  await workRun(world.call(), run);
  await approveRun(world.call(), run, 'approver');
  await workRun(world.call(), run);
  return lineOf(run, provider);
}
const lineOf = async (run: string, provider: string) =>
  (await listRunLines(world.call(), run, { limit: 100 })).items.find((line) => line.provider === provider);

const move = (provider: string, from: '2100' | '2110', to: '2100' | '2110' | '5300', micros: number): Leg[] => [
  { account: from, of: provider, micros },
  { account: to, of: to === '5300' ? null : provider, micros: -micros },
];

describe('a payout', () => {
  it('pays whole cents of what is collected once its dispute window has passed, and carries the rest', async () => {
    const { name, period, end, company, provider, charge } = await begin();
    await charge(1, 1_234_567);
    await charge(2, 2_000_000);
    await world.close(period);
    await world.invoice(company, period, { micros: 3_230_000, availableMicros: 3_230_000, finalizedAt: end });
    world.at(end + 29 * DAY);
    expect(await pay(`${name}-early`, provider)).toBeUndefined();
    expect(await readPayable(world.call(), provider)).toMatchObject([
      { payableMicros: 0, waitingMicros: 3_234_567, waiting: [{ because: 'window_open', micros: 3_234_567 }] },
    ]);
    world.at(end + 30 * DAY);
    expect(await pay(name, provider)).toMatchObject({ state: 'paid', amountMicros: 3_230_000 });
    expect(await world.paid(provider)).toBe(3_230_000);
    expect(await world.balance(provider, '2100', period)).toBe(4_567);
    const { items } = await listPayouts(world.call(), provider, { limit: 10 });
    expect(items).toMatchObject([{ state: 'paid', linesMicros: 3_234_567, carriedOutMicros: 4_567, lines: 1 }]);
    expect(await pay(`${name}-again`, provider)).toBeUndefined();
    expect(await world.paid(provider)).toBe(3_230_000);
  });

  it('waits for the longest dispute window that the terms of its rounds give, which may be longer or shorter than usual', async () => {
    const { name, period, end, company, provider, charge } = await begin();
    const queueOf = async (category: string, disputeDays: number) => {
      const market = new TestMarket(world.tables, { ...TERMS, disputeDays });
      await market.open(category);
      return market.queue;
    };
    const [short, long] = [await queueOf('short window', 10), await queueOf('long window', 40)];
    const other = await world.company(`${name}-other`);
    const one = { provider, bidMicros: 1_000_000, feeMicros: 0 };
    await world.charge({ ...one, company: other, request: `${name}-short`, queue: short });
    await world.charge({ ...one, company, request: `${name}-long`, queue: long });
    await charge(1, 1_000_000);
    await world.close(period);
    const paid = { finalizedAt: end };
    await world.invoice(company, period, { ...paid, micros: 2_000_000, availableMicros: 2_000_000 });
    await world.invoice(other, period, { ...paid, micros: 1_000_000, availableMicros: 1_000_000 });
    world.at(end + 10 * DAY);
    expect(await pay(`${name}-short`, provider)).toMatchObject({ state: 'paid', amountMicros: 1_000_000 });
    world.at(end + 40 * DAY - 1);
    expect(await pay(`${name}-soon`, provider)).toBeUndefined();
    world.at(end + 40 * DAY);
    expect(await pay(`${name}-long`, provider)).toMatchObject({ state: 'paid', amountMicros: 2_000_000 });
  });

  it('pays the oldest charges first where their invoice is paid in part, and the rest when it is', async () => {
    const { name, period, end, company, provider, charge } = await begin();
    for (const n of [1, 2, 3, 4]) await charge(n, 1_000_000);
    await world.close(period);
    await world.invoice(company, period, { micros: 4_000_000, taxMicros: 800_000, availableMicros: 3_000_000 });
    world.at(end + 31 * DAY);
    // 3.00 of 4.80 is 2.50 net: two charges, not two and a half.
    expect(await pay(name, provider)).toMatchObject({ amountMicros: 2_000_000, state: 'paid' });
    await world.invoice(company, period, { micros: 4_000_000, taxMicros: 800_000, availableMicros: 4_800_000 });
    expect(await pay(`${name}-rest`, provider)).toMatchObject({ amountMicros: 2_000_000, state: 'paid' });
    const [rest, first] = (await listPayouts(world.call(), provider, { limit: 10 })).items;
    const rows = async (payout: typeof rest) => (await remittancePage(world.call(), payout!, { limit: 100 })).rows;
    expect((await rows(first)).map(({ request }) => request)).toEqual([`${name}-1`, `${name}-2`]);
    expect(await rows(rest)).toMatchObject([
      { request: `${name}-3`, receipt: '/v1/leases/l/receipt', micros: 1_000_000, because: 'collected' },
      { request: `${name}-4` },
    ]);
  });

  it('comes from the market’s own funds after 45 days, but for a shortfall fee and a company that is overdue', async () => {
    const { name, period, end, company, provider, charge, post } = await begin();
    const late = await world.company('late');
    await charge(1, 1_000_000);
    await world.charge({ company: late, provider, request: `${name}-late`, bidMicros: 500_000, feeMicros: 0 });
    await post(
      `round#q#1#shortfall#${company}`,
      'shortfall',
      shortfallLegs(company, { account: '2100', of: provider }, 70_000),
      null,
    );
    await world.close(period);
    await world.invoice(late, period, { micros: 500_000, dueAt: end + 14 * DAY });
    world.at(end + 46 * DAY);
    expect(await pay(name, provider)).toMatchObject({ amountMicros: 1_000_000, state: 'paid' });
    expect(await readPayable(world.call(), provider)).toMatchObject([
      { waiting: expect.arrayContaining([expect.objectContaining({ because: 'overdue', micros: 500_000 })]) },
    ]);
    await world.invoice(late, period, { micros: 500_000, dueAt: end + 14 * DAY, state: 'uncollectible' });
    expect(await pay(`${name}-default`, provider)).toMatchObject({ amountMicros: 500_000 });
    expect(await world.balance(provider, '2100', period)).toBe(70_000);
  });

  it('waits whole where too little is available at Stripe, and goes by itself after a top-up', async () => {
    const { name, period, end, provider, charge } = await begin();
    await charge(1, 990_000_000_000);
    await world.close(period);
    world.at(end + 46 * DAY);
    expect(await pay(name, provider)).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('top the balance up'),
    });
    expect(await world.paid(provider)).toBe(0);
    expect(await world.balance(provider, '2120', period)).toBe(990_000_000_000);
    expect(await pay(`${name}-other`, provider)).toBeUndefined();
    const call = world.call();
    const refuses = { create: () => Promise.reject(new Error('a transfer was asked for in vain')) };
    await workRun({ ...call, stripe: Object.create(call.stripe, { transfers: { value: refuses } }) }, name);
    expect(await lineOf(name, provider)).toMatchObject({ state: 'waiting' });
    expect((await readRun(world.call(), name))?.state).toBe('approved');
    await world.fund(99_900_000);
    await workRun(world.call(), name);
    expect(await lineOf(name, provider)).toMatchObject({ state: 'paid' });
    expect(await world.paid(provider)).toBe(990_000_000_000);
    expect((await readRun(world.call(), name))?.state).toBe('done');
  });

  it('that Stripe refuses is payable again, and is in the next run', async () => {
    const { name, period, end, provider, charge } = await begin();
    await charge(1, 2_000_000);
    await world.close(period);
    world.at(end + 46 * DAY);
    const account = (await readAccount(world.call(), provider))?.account;
    world.act('restrict_account', { account });
    expect(await pay(name, provider)).toMatchObject({ state: 'failed' });
    expect(await world.balance(provider, '2100', period)).toBe(2_000_000);
    world.act('complete_onboarding', { account });
    expect(await pay(`${name}-2`, provider)).toMatchObject({ state: 'paid', amountMicros: 2_000_000 });
    expect(await world.paid(provider)).toBe(2_000_000);
    const [second] = (await listPayouts(world.call(), provider, { limit: 1 })).items;
    for await (const lines of payoutLines(world.call(), second!))
      expect(lines).toMatchObject([{ kind: 'adjustment', entryKind: 'payout_failed', micros: 2_000_000 }]);
  });

  it('of more lines than one transaction takes is paid once and whole, by two processes side by side', async () => {
    const { name, period, end, provider, charge, post } = await begin();
    await charge(1, 2_000_000);
    await Promise.all(
      Array.from({ length: 209 }, (_, n) =>
        post(`given-up-${n}`, 'debt_given_up', debtGivenUpLegs(provider, 10_000), null),
      ),
    );
    await world.close(period);
    world.at(end + 46 * DAY);
    await makeRun(world.call(), name, 'maker');
    await workRun(world.call(), name);
    await approveRun(world.call(), name, 'approver');
    await Promise.all([workRun(world.call(), name), workRun(world.call(), name)]);
    await workRun(world.call(), name);
    expect(await lineOf(name, provider)).toMatchObject({ state: 'paid', amountMicros: 4_090_000 });
    expect(await world.paid(provider)).toBe(4_090_000);
    const [payout] = (await listPayouts(world.call(), provider, { limit: 1 })).items;
    const lines: number[] = [];
    for await (const page of payoutLines(world.call(), payout!)) lines.push(...page.map(({ micros }) => micros));
    expect(lines).toEqual([2_000_000, ...Array.from({ length: 209 }, () => 10_000)]);
    expect(await readPayable(world.call(), provider)).toEqual([]);
  });

  it('is held without an account, and where the reconciliation alarmed, until a person releases it', async () => {
    const { name, period, end, provider, charge } = await begin({ account: false });
    await charge(1, 2_000_000);
    await world.close(period);
    world.at(end + 46 * DAY);
    expect(await pay(name, provider)).toMatchObject({ state: 'held', reason: expect.stringContaining('no account') });
    const other = await begin();
    await other.charge(1, 1_000_000);
    await world.close(other.period);
    world.at(other.end + 46 * DAY);
    await holdPayouts(world.call(), other.provider, 'transfers differ by 0.01');
    expect(await pay(other.name, other.provider)).toMatchObject({ state: 'held' });
    await releaseHold(world.call(), other.provider);
    expect(await pay(`${other.name}-2`, other.provider)).toMatchObject({ state: 'paid' });
  });

  it('that was fixed waits while it is held, and is paid by its own run once it is let go', async () => {
    const { name, period, end, provider, charge } = await begin();
    await charge(1, 900_000_000_000);
    await world.close(period);
    world.at(end + 46 * DAY);
    expect(await pay(name, provider)).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('Too little'),
    });
    await holdPayouts(world.call(), provider, 'transfers differ by 0.01');
    await world.fund(90_000_000);
    world.at(end + 47 * DAY);
    await workRun(world.call(), name);
    expect(await lineOf(name, provider)).toMatchObject({ state: 'waiting', reason: expect.stringContaining('Held') });
    expect(await world.paid(provider)).toBe(0);
    await releaseHold(world.call(), provider);
    world.at(end + 48 * DAY);
    await workRun(world.call(), name);
    expect(await lineOf(name, provider)).toMatchObject({ state: 'paid', amountMicros: 900_000_000_000 });
    expect(await world.paid(provider)).toBe(900_000_000_000);
  });

  it('leaves nothing taken where it is held after a crash that had taken the purse', async () => {
    const { name, period, end, provider, charge } = await begin();
    await charge(1, 1_000_000);
    await world.close(period);
    world.at(end + 46 * DAY);
    await makeRun(world.call(), name, 'maker');
    await workRun(world.call(), name);
    await approveRun(world.call(), name, 'approver');
    await takePurse(world.call(), { provider, currency: 'EUR' }, payoutIdOf(provider, 'EUR', name));
    await holdPayouts(world.call(), provider, 'transfers differ by 0.01');
    await workRun(world.call(), name);
    expect(await lineOf(name, provider)).toMatchObject({ state: 'held' });
    await releaseHold(world.call(), provider);
    expect(await pay(`${name}-2`, provider)).toMatchObject({ state: 'paid', amountMicros: 1_000_000 });
  });

  it('is not given up as held while another has its purse: it is looked at again', async () => {
    const { name, period, end, provider, charge } = await begin();
    await charge(1, 1_000_000);
    await world.close(period);
    world.at(end + 46 * DAY);
    await takePurse(world.call(), { provider, currency: 'EUR' }, 'another');
    await makeRun(world.call(), name, 'maker');
    await workRun(world.call(), name);
    await approveRun(world.call(), name, 'approver');
    await holdPayouts(world.call(), provider, 'transfers differ by 0.01');
    await workRun(world.call(), name);
    expect(await lineOf(name, provider)).toMatchObject({ state: 'waiting' });
    await giveBackPurse(world.call(), { provider, currency: 'EUR' }, 'another');
    world.at(end + 47 * DAY);
    await workRun(world.call(), name);
    expect(await lineOf(name, provider)).toMatchObject({ state: 'held' });
  });
});

describe('a dispute', () => {
  it('holds what it is about, before and after the month is payable, and lets it go when it is rejected', async () => {
    const { name, period, end, provider, charge, post } = await begin();
    await charge(1, 1_000_000);
    await charge(2, 3_000_000);
    await post('dispute-opened', 'dispute_opened', move(provider, '2100', '2110', 1_000_000), `${name}-1`);
    await world.close(period);
    world.at(end + 46 * DAY);
    expect(await pay(name, provider)).toMatchObject({ amountMicros: 3_000_000 });
    await post('dispute-rejected', 'dispute_rejected', move(provider, '2110', '2100', 1_000_000), `${name}-1`);
    expect(await pay(`${name}-2`, provider)).toMatchObject({ amountMicros: 1_000_000 });
  });

  it('accepted after the payout is taken from the next pay; beyond that from transfers, newest first, then owed', async () => {
    const { name, period, end, company, provider, charge, post } = await begin();
    await charge(1, 5_000_000);
    await world.close(period);
    world.at(end + 46 * DAY);
    expect(await pay(name, provider)).toMatchObject({ amountMicros: 5_000_000 });
    await post('dispute-opened', 'dispute_opened', move(provider, '2100', '2110', 5_000_000), `${name}-1`);
    await post('dispute-accepted', 'dispute_accepted', move(provider, '2110', '5300', 5_000_000), `${name}-1`);
    await world.charge({ company, provider, request: `${name}-2`, bidMicros: 1_500_000, feeMicros: 0 });
    // 1.50 is still to come, so 3.50 comes back now.
    expect(await pay(`${name}-2`, provider)).toMatchObject({ state: 'taken_back', clawbackMicros: 3_500_000 });
    expect(await world.paid(provider)).toBe(1_500_000);
    expect(await world.balance(provider, '2100', period)).toBe(0);
    expect((await listPayouts(world.call(), provider, { limit: 1 })).items).toMatchObject([
      { reversedMicros: 3_500_000 },
    ]);
  });

  it('leaves what its month has earned as it was, and so does being paid', async () => {
    const { name, period, provider, charge, post } = await begin();
    await charge(1, 1_234_567);
    await charge(2, 3_000_000);
    const earned = (entries: number) => earnedIn(world.call(), provider, period, null, { entries });
    expect(await earned(100)).toEqual(new Map([['EUR', 4_234_567]]));
    await post('dispute-opened', 'dispute_opened', move(provider, '2100', '2110', 1_234_567), `${name}-1`);
    await post('payout', 'payout', move(provider, '2100', '2110', 2_000_000), null);
    expect(await earned(100)).toEqual(new Map([['EUR', 4_234_567]]));
    // All is settled an hour later, and added up from what is kept.
    world.at(world.call().now + 3_600_000);
    expect(await earned(100)).toEqual(new Map([['EUR', 4_234_567]]));
    await world.unlist(provider);
  });

  it('leaves a debt that two people may give up, and only as much as is owed', async () => {
    const { name, period, provider, post } = await begin();
    await post('dispute-accepted', 'dispute_accepted', move(provider, '2100', '5300', 900_000), null);
    const owed = async () => {
      const closed = await closedThrough(world.call());
      await foldBook(world.call(), provider, period, closed);
      return owedInAll(world.call(), provider, 'EUR', closed, period);
    };
    expect(await owed()).toBe(-900_000);
    const input = { provider, currency: 'EUR' as const, micros: 900_000, reason: 'insolvent' };
    await proposeDebt(world.call(), name, 'maker', input);
    expect(await approveDebt(world.call(), name, 'maker', owed)).toMatchObject({ code: 'second_person_needed' });
    expect(await approveDebt(world.call(), name, 'other', owed)).toMatchObject({ ok: true });
    expect(await approveDebt(world.call(), name, 'other', owed)).toMatchObject({ ok: true });
    expect(await owed()).toBe(0);
    expect(debtGivenUpLegs(provider, 900_000)).toHaveLength(2);
    await proposeDebt(world.call(), `${name}-more`, 'maker', input);
    expect(await approveDebt(world.call(), `${name}-more`, 'other', owed)).toMatchObject({ code: 'not_owed' });
    const states = async (which: 'all' | 'proposed') =>
      (await listDebts(world.call(), which, { limit: 10 })).items.map(({ id, state }) => [id, state]);
    expect(await states('proposed')).toEqual([[`${name}-more`, 'proposed']]);
    expect(await withdrawDebt(world.call(), `${name}-more`)).toMatchObject({ ok: true });
    expect(await withdrawDebt(world.call(), name)).toMatchObject({ code: 'debt_decided' });
    expect(await approveDebt(world.call(), `${name}-more`, 'other', owed)).toMatchObject({ code: 'debt_decided' });
    expect(await states('proposed')).toEqual([]);
    expect(Object.fromEntries(await states('all'))).toMatchObject({
      [name]: 'approved',
      [`${name}-more`]: 'withdrawn',
    });
  });
});

describe('a run', () => {
  it('is approved by another person than its maker, or dropped', async () => {
    const { name, period, end, provider, charge } = await begin();
    await charge(1, 1_000_000);
    await world.close(period);
    world.at(end + 46 * DAY);
    await makeRun(world.call(), name, 'maker');
    expect(await approveRun(world.call(), name, 'approver')).toMatchObject({ code: 'payout_run_not_proposed' });
    await workRun(world.call(), name);
    expect(await readRun(world.call(), name)).toMatchObject({
      totals: [{ currency: 'EUR', payouts: 1, amountMicros: 1_000_000 }],
    });
    expect(await approveRun(world.call(), name, 'maker')).toMatchObject({ code: 'second_person_needed' });
    expect(await dropRun(world.call(), name)).toMatchObject({ ok: true });
    expect(await approveRun(world.call(), name, 'approver')).toMatchObject({ code: 'payout_run_not_proposed' });
    expect(await world.paid(provider)).toBe(0);
  });
});

describe('self-billed invoices', () => {
  it('are numbered without a gap, post their tax, and make the provider’s year', async () => {
    const taxId = { type: 'eu_vat', value: 'IE1234567FA' };
    const profile = { taxId, vatRegime: 'domestic' as const, vatRateBps: 2_300 };
    const { period, end, provider, charge } = await begin({ profile });
    await charge(1, 10_004_000);
    await world.close(period);
    world.at(end + DAY);
    await issueDocuments(world.call(), provider, period, period);
    await issueDocuments(world.call(), provider, period, period);
    const { items } = await listDocuments(world.call(), provider, { limit: 10 });
    // 23 % of 10.00 is 2.30.
    expect(items).toMatchObject([
      { kind: 'invoice', number: expect.stringMatching(/-00001$/), netMicros: 10_000_000, taxMicros: 2_300_000 },
    ]);
    expect(await world.balance(provider, '2100', period)).toBe(12_304_000);
    expect(await taxReport(world.call(), provider, period.slice(0, 4))).toMatchObject([
      { invoices: 1, netMicros: 10_000_000, taxMicros: 2_300_000, creditNotes: 0, paidMicros: 0, taxId: taxId.value },
    ]);
  });
});
