/** Balances kept quick: whatever was kept, by whom and when, they are what the entries add up to. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Call } from '../../shared/kernel/call.ts';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { type HistoryPlace, historyOf } from '../../shared/ledger/history.store.ts';
import { allEntries, MARKET_LIST, type NewEntry, post } from '../../shared/ledger/ledger.store.ts';
import type { AccountCode, AccountLine, EntryView } from '../../shared/ledger/ledger.ts';
import { beginClosing, readPeriod } from '../../shared/ledger/period.store.ts';
import { linesOfOwners, statementOf } from '../../shared/ledger/statement.store.ts';
import { finishClosing, trialBalance } from '../../shared/ledger/trial-balance.store.ts';
import { registerOrganisation } from '../../shared/organisation/organisation.store.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { addUp } from '../support/ledger.ts';

const at = (text: string): number => Date.parse(text);
const DECEMBER_5 = at('2025-12-05T00:00:00Z');
const JANUARY_5 = at('2026-01-05T00:00:00Z');
const JANUARY_31 = at('2026-01-31T20:00:00Z');
const FEBRUARY_1 = at('2026-02-01T00:00:00Z');
const FEBRUARY_10 = at('2026-02-10T00:00:00Z');

let engine: TestTables;
let company: string;
let other: string;
let providers: string[];
beforeAll(async () => {
  engine = await startTestTables();
});
afterAll(() => engine.stop());
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A process of its own: it remembers for itself. */
const processAt = (now: number): Call => ({ tables: new Tables({ ...(engine.tables.owner as TableConfig) }), now });

async function register(kind: 'company' | 'provider', name: string): Promise<string> {
  const input = kind === 'company' ? { kind, name } : { kind, name, providerKind: 'automation' as const };
  const person = { user: name, email: null };
  return (await registerOrganisation(engine.tables, person, input as never, name, DECEMBER_5)).id;
}

let made = 0;
function charge(occurredAt: number, of: { company?: string; provider?: string } = {}): NewEntry {
  made += 1;
  const parties = { company: of.company ?? company, provider: of.provider ?? providers[made % 2]! };
  const [price, bid] = [1_200_000 + made * 7, 1_000_000 + made];
  return {
    event: `charge#rq_${made}`,
    kind: 'charge',
    occurredAt,
    currency: made % 5 === 0 ? 'EUR' : 'USD',
    ...parties,
    legs: [
      { account: '1100', of: parties.company, micros: price },
      { account: '2100', of: parties.provider, micros: -bid },
      { account: '4100', of: null, micros: -50_000 },
      { account: '2400', of: `cards-${made % 3}#1`, micros: bid + 50_000 - price },
    ],
    facts: {},
  };
}
const invoiced = (occurredAt: number, period: string, micros: number): NewEntry => ({
  event: `invoice-final#${company}.USD.${period}.v0`,
  kind: 'invoice_final',
  occurredAt,
  currency: 'USD',
  company,
  provider: null,
  legs: [
    { account: '1200', of: `${company}.USD.${period}.v0`, micros },
    { account: '1100', of: company, micros: -micros },
  ],
  facts: {},
});

async function entriesOf(periods: readonly string[]): Promise<EntryView[]> {
  const lists = [...providers, MARKET_LIST].flatMap((owner) =>
    periods.map((period) => allEntries(processAt(FEBRUARY_10), owner, period, 'provider')),
  );
  return (await Promise.all(lists)).flat();
}
const netOf = (added: ReturnType<typeof addUp>): Record<string, number> => {
  const nets: Record<string, number> = {};
  for (const { account, debitMicros, creditMicros } of added)
    nets[account] = (nets[account] ?? 0) + debitMicros - creditMicros;
  return nets;
};
const byAccount = (lines: readonly AccountLine[], pick: (line: AccountLine) => number): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const line of lines) sums[line.account] = (sums[line.account] ?? 0) + pick(line);
  return sums;
};
const withoutZeros = (sums: Record<string, number>) =>
  Object.fromEntries(Object.entries(sums).filter(([, micros]) => micros !== 0));

/** Whether the trial balance of a month is what the entries of its lists add up to, apart from the product's own way. */
async function expectBalances(call: Call, before: readonly string[], month: string): Promise<void> {
  const isDollar = (entry: EntryView) => entry.currency === 'USD';
  const opening = (await entriesOf(before)).filter(isDollar);
  const moved = (await entriesOf([month])).filter(isDollar);
  const balance = await trialBalance(call, month, 'USD');
  if (!balance.ok) throw new Error(balance.code);
  const { lines } = balance.value;
  expect(withoutZeros(byAccount(lines, (line) => line.openingMicros))).toEqual(withoutZeros(netOf(addUp(opening))));
  expect(withoutZeros(byAccount(lines, (line) => line.debitMicros - line.creditMicros))).toEqual(
    withoutZeros(netOf(addUp(moved))),
  );
  expect(withoutZeros(byAccount(lines, (line) => line.closingMicros))).toEqual(
    withoutZeros(netOf(addUp([...opening, ...moved]))),
  );
  const pools = addUp(moved).filter(({ account }) => account === '2400');
  expect(
    lines.filter(({ account, debitMicros, creditMicros }) => account === '2400' && debitMicros + creditMicros > 0),
  ).toMatchObject(pools);
}

describe('the trial balance', () => {
  it('is what the entries add up to, before and after anything was kept, and with what was posted since', async () => {
    [company, other] = [await register('company', 'ada'), await register('company', 'bob')];
    providers = [await register('provider', 'cat'), await register('provider', 'dan')];
    const writer = processAt(JANUARY_5);
    for (let i = 0; i < 30; i++) await post({ ...writer, now: DECEMBER_5 + i * HOUR }, charge(DECEMBER_5 + i * HOUR));
    // Enough in one list that a part of it is worth keeping.
    for (let i = 0; i < 300; i++)
      await post(
        { ...writer, now: JANUARY_5 + i * MINUTE },
        charge(JANUARY_5 + i * MINUTE, { provider: providers[0]! }),
      );
    for (let i = 0; i < 20; i++)
      await post({ ...writer, now: JANUARY_5 + i * HOUR }, charge(JANUARY_5, { company: other }));
    await post({ ...writer, now: JANUARY_31 }, invoiced(JANUARY_31, '2025-12', 30_000_000));
    await expectBalances(processAt(JANUARY_31), ['2025-12'], '2026-01');

    const reader = processAt(JANUARY_31 + MINUTE);
    await expectBalances(reader, ['2025-12'], '2026-01');
    // A writer whose call began before the reader's, in another process and in the same one.
    await post({ ...processAt(JANUARY_31), now: JANUARY_31 + MINUTE - 200_000 }, charge(JANUARY_31));
    await post({ ...reader, now: JANUARY_5 }, charge(JANUARY_31));
    await expectBalances(reader, ['2025-12'], '2026-01');
    await expectBalances(processAt(FEBRUARY_1), ['2025-12'], '2026-01');
    await expectBalances(processAt(FEBRUARY_1), [], '2025-12');
    await expectBalances(processAt(FEBRUARY_1), ['2025-12', '2026-01'], '2026-02');
  });

  it('reads what was kept, not the entries again', async () => {
    const later = processAt(JANUARY_31 + DAY);
    await trialBalance(later, '2026-01', 'USD');
    const again = later.tables.metered();
    await trialBalance({ ...later, tables: again }, '2026-01', 'USD');
    // Of 350 entries, at most what is not worth keeping in each of six lists and months.
    expect(again.consumed.readUnits).toBeLessThan(150);
  });

  it('says that it is behind where one call cannot add up all, keeps how far it came, and gets there', async () => {
    const may = at('2026-05-20T00:00:00Z');
    const calm = processAt(may);
    // In three months of three providers: more lists than are added up side by side, none of so few that they do not count.
    providers.push(await register('provider', 'eve'));
    for (const posted of [may - 62 * DAY, may - 32 * DAY, may - DAY])
      for (let i = 0; i < 60; i++)
        await post({ ...calm, now: posted }, charge(posted, { provider: providers[i % 3]! }));
    let calls = 0;
    for (;;) {
      calls += 1;
      const balance = await trialBalance(processAt(may), '2026-05', 'USD', { entries: 10 });
      if (balance.ok) break;
      expect(balance).toMatchObject({ code: 'balances_behind', retryable: true });
      expect(calls).toBeLessThan(30);
    }
    expect(calls).toBeGreaterThan(1);
    await expectBalances(processAt(may), ['2025-12', '2026-01', '2026-03', '2026-04'], '2026-05');
  });
});

describe('a month that finishes closing', () => {
  it('waits for the last writer that may not have known, and has its entry', async () => {
    const december = processAt(FEBRUARY_1);
    expect((await beginClosing(december, '2025-12')).ok).toBe(true);
    const slow = processAt(FEBRUARY_1);
    expect(await finishClosing(december, '2025-12')).toMatchObject({ code: 'period_closing' });
    expect((await finishClosing({ ...december, now: FEBRUARY_1 + HOUR }, '2025-12')).ok).toBe(true);

    // Of January, this writer read just before, and its put takes as long as it may.
    await post(slow, charge(JANUARY_31));
    expect((await beginClosing(processAt(FEBRUARY_1 + HOUR), '2026-01')).ok).toBe(true);
    expect(
      await post({ ...slow, now: FEBRUARY_1 + HOUR + 5_000 }, { ...charge(JANUARY_31), event: 'charge#late' }),
    ).toBe('posted');
    const last = (await entriesOf(['2026-01'])).find(({ event }) => event === 'charge#late');
    expect(last?.facts).toEqual({});
    vi.setSystemTime(Date.now() + 6_000);
    expect(
      await post({ ...slow, now: FEBRUARY_1 + HOUR + 6_000 }, { ...charge(JANUARY_31), event: 'charge#later' }),
    ).toBe('posted');
    const later = (await entriesOf(['2026-02'])).find(({ event }) => event === 'charge#later');
    expect(later?.facts).toEqual({ closedPeriod: '2026-01' });
  });

  it('can die at every step and be begun again, ends once, and never changes afterwards', async () => {
    const now = FEBRUARY_10;
    const work = (tables: Tables) => finishClosing({ tables, now }, '2026-01');
    let died = 0;
    for (let step = 1; step < 200; step++) {
      const when = step % 2 === 0 ? 'before' : 'after';
      if (!(await untilCrash(processAt(now).tables, step, when, work))) break;
      died += 1;
      const { state } = await readPeriod(processAt(now), '2026-01');
      if (state === 'closed') break;
    }
    expect(died).toBeGreaterThan(3);
    await work(processAt(now).tables);
    const closed = await readPeriod(processAt(now), '2026-01');
    expect(closed).toMatchObject({ state: 'closed', closedAt: '2026-02-10T00:00:00.000Z' });
    expect(closed.entries).toBe((await entriesOf(['2026-01'])).length);
    const before = await trialBalance(processAt(now), '2026-01', 'USD');
    await post(processAt(now), charge(JANUARY_31));
    expect(await work(processAt(now + DAY).tables)).toMatchObject({ ok: true, value: closed });
    expect(await trialBalance(processAt(now + DAY), '2026-01', 'USD')).toEqual(before);
    await expectBalances(processAt(now + DAY), ['2025-12'], '2026-01');
    await expectBalances(processAt(now + DAY), ['2025-12', '2026-01'], '2026-02');
  });
});

describe('a statement', () => {
  it('opens with what the month before ended with, for companies with their invoices and for providers', async () => {
    const now = processAt(FEBRUARY_10 + DAY);
    for (const owner of [company, other, ...providers]) {
      const months = ['2025-12', '2026-01', '2026-02'];
      const lists = await Promise.all(months.map((month) => allEntries(now, owner, month)));
      const isOwn = (of: string | null) => of === owner || (of?.startsWith(`${owner}.`) ?? false);
      const ownNet = (entries: readonly EntryView[]) =>
        netOf(
          addUp(
            entries
              .filter(({ currency }) => currency === 'USD')
              .map(({ legs }) => ({ legs: legs.filter(({ of }) => isOwn(of)) })),
          ),
        );
      for (const [i, month] of months.entries()) {
        const statement = await statementOf(now, owner, month, 'USD');
        if (!statement.ok) throw new Error(statement.code);
        const { lines, entries } = statement.value;
        expect(entries).toBe(lists[i]?.length);
        expect(withoutZeros(byAccount(lines, (line) => line.openingMicros))).toEqual(
          withoutZeros(ownNet(lists.slice(0, i).flat())),
        );
        expect(withoutZeros(byAccount(lines, (line) => line.closingMicros))).toEqual(
          withoutZeros(ownNet(lists.slice(0, i + 1).flat())),
        );
      }
    }
  });

  it('of all owners of an account add up to the account in the trial balance', async () => {
    const now = processAt(FEBRUARY_10 + DAY);
    const balance = await trialBalance(now, '2026-02', 'USD');
    if (!balance.ok) throw new Error(balance.code);
    for (const [account, owners] of [
      ['1100', [company, other]],
      ['1200', [company, other]],
      ['2100', providers],
    ] as const) {
      const lines = await linesOfOwners(now, owners, { account, period: '2026-02', currency: 'USD' });
      if (!lines.ok) throw new Error(lines.code);
      const total = byAccount(balance.value.lines, (line) => line.closingMicros)[account];
      expect(byAccount(lines.value, (line) => line.closingMicros)[account]).toBe(total);
      expect(total).not.toBe(0);
    }
  });
});

describe('an account’s history', () => {
  it.each<readonly [string, () => string | null, AccountCode]>([
    ['a company', () => company, '1100'],
    ['a provider', () => providers[0]!, '2100'],
    ['an invoice', () => `${company}.USD.2025-12.v0`, '1200'],
    ['a pool', () => 'cards-1#1', '2400'],
    ['everybody', () => null, '4100'],
    ['all companies', () => null, '1100'],
    ['all invoices, which no provider’s list has', () => null, '1200'],
  ])('of %s runs from its opening to its closing, over its pages', async (_, of, account) => {
    const now = processAt(FEBRUARY_10 + DAY);
    const rows: { balanceMicros: number; micros: number; event: string; postedAt: string }[] = [];
    const events = new Set<string>();
    let totals = { openingMicros: 0, closingMicros: 0, debitMicros: 0, creditMicros: 0 };
    let place: HistoryPlace | null | undefined;
    do {
      const found: Awaited<ReturnType<typeof historyOf>> = await historyOf(
        now,
        { account, of: of(), currency: 'USD' },
        '2026-01',
        {
          limit: 37,
          ...(place == null ? {} : { place }),
        },
      );
      if (!found.ok) throw new Error(found.code);
      expect(found.value.rows.length).toBeLessThanOrEqual(37);
      rows.push(...found.value.rows);
      ({ totals, next: place } = found.value);
    } while (place !== null);
    let balance = totals.openingMicros;
    for (const row of rows) {
      balance += row.micros;
      expect(row.balanceMicros).toBe(balance);
      events.add(row.event);
    }
    expect(balance).toBe(totals.closingMicros);
    expect(totals.closingMicros - totals.openingMicros).toBe(totals.debitMicros - totals.creditMicros);
    expect(rows.map(({ postedAt }) => postedAt)).toEqual(rows.map(({ postedAt }) => postedAt).toSorted());
    const wanted = (await entriesOf(['2026-01'])).filter(
      ({ currency, legs }) =>
        currency === 'USD' && legs.some((leg) => leg.account === account && (of() === null || leg.of === of())),
    );
    expect(events).toEqual(new Set(wanted.map(({ event }) => event)));
    expect(rows.length).toBe(wanted.length);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('of an open month starts after what is kept of lists that did not move the account, and keeps what it said first', async () => {
    const may = at('2026-05-20T00:00:00Z');
    const calm = processAt(may);
    await post({ ...calm, now: may - HOUR }, invoiced(may, '2026-04', 5_000_000));
    await post({ ...calm, now: may - HOUR }, { ...invoiced(may, '2026-04', 5_000_000), event: 'invoice-final#other' });
    const page = async (account: AccountCode, place: HistoryPlace | null) => {
      // A process that remembers no entry: what it reads is all it needs.
      const { tables } = processAt(may);
      const of = { account, of: null, currency: 'USD' as const };
      const found = await historyOf({ tables, now: may }, of, '2026-05', { limit: 1, ...(place && { place }) });
      if (!found.ok) throw new Error(found.code);
      return { ...found.value, readUnits: tables.consumed.readUnits };
    };
    const first = await page('1200', null);
    await post({ ...calm, now: may }, { ...invoiced(may, '2026-04', 7_000_000), event: 'invoice-final#third' });
    const second = await page('1200', first.next);
    const third = await page('1200', second.next);
    expect([first, second, third].map(({ rows }) => rows.map(({ micros }) => micros))).toEqual([
      [5_000_000],
      [5_000_000],
      [7_000_000],
    ]);
    expect(third.totals).toEqual(first.totals);
    // The sixty charges of May are in folds that say nothing of this account.
    expect(second.readUnits).toBeLessThan((await page('4100', (await page('4100', null)).next)).readUnits);
  });
});
