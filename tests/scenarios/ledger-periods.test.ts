/** Months close under writers: who knows late may still post, whoever comes later posts into the open month. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Call } from '../../shared/kernel/call.ts';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { allEntries, type NewEntry, post, postWith } from '../../shared/ledger/ledger.store.ts';
import { beginClosing, listPeriods, readPeriod } from '../../shared/ledger/period.store.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

const at = (text: string): number => Date.parse(text);
const JANUARY_20 = at('2026-01-20T12:00:00Z');
const FEBRUARY_1 = at('2026-02-01T00:00:01Z');

let engine: TestTables;
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

const entry = (event: string, occurredAt: number, micros = 1_000_000): NewEntry => ({
  event,
  kind: 'charge',
  occurredAt,
  currency: 'USD',
  company: 'co_aaaa',
  provider: 'pr_bbbb',
  legs: [
    { account: '1100', of: 'co_aaaa', micros },
    { account: '2100', of: 'pr_bbbb', micros: -micros },
  ],
  facts: { queue: 'cards' },
});

const eventsOf = async (period: string): Promise<string[]> =>
  (await allEntries(processAt(FEBRUARY_1), 'co_aaaa', period)).map((posted) => posted.event);

describe('a month that begins to close', () => {
  it('takes what a writer posts that read the periods just before, and five seconds later nothing more', async () => {
    const [writer, closer] = [processAt(JANUARY_20), processAt(FEBRUARY_1)];
    expect(await post(writer, entry('charge#1', JANUARY_20))).toBe('posted');
    expect((await beginClosing(closer, '2026-01')).ok).toBe(true);

    vi.setSystemTime(Date.now() + 4_900);
    expect(await post(writer, entry('charge#2', JANUARY_20))).toBe('posted');
    vi.setSystemTime(Date.now() + 200);
    expect(await post(writer, entry('charge#3', JANUARY_20))).toBe('posted');
    // The closer knows at once.
    expect(await post(closer, entry('charge#4', JANUARY_20))).toBe('posted');

    expect(await eventsOf('2026-01')).toEqual(['charge#1', 'charge#2']);
    const late = await allEntries(processAt(FEBRUARY_1), 'co_aaaa', '2026-02');
    expect(late.map((posted) => [posted.event, posted.occurredAt, posted.facts])).toEqual([
      ['charge#3', '2026-01-20T12:00:00.000Z', { queue: 'cards', closedPeriod: '2026-01' }],
      ['charge#4', '2026-01-20T12:00:00.000Z', { queue: 'cards', closedPeriod: '2026-01' }],
    ]);
  });

  it('answers the same event with the same content as repeated, though its month has closed since', async () => {
    const writer = processAt(FEBRUARY_1);
    expect(await post(writer, entry('charge#1', JANUARY_20))).toBe('repeated');
    expect(await post(writer, entry('charge#3', JANUARY_20))).toBe('repeated');
    expect(await post(writer, entry('charge#1', JANUARY_20, 1_000_001))).toBe('refused');
    expect(await post(writer, entry('charge#1', JANUARY_20 + 1))).toBe('refused');
  });

  it('can be begun again without effect, keeps the next one from closing, and shows in the list', async () => {
    const closer = processAt(at('2026-03-02T00:00:00Z'));
    const again = await beginClosing(closer, '2026-01');
    expect(again.ok && again.value.closingAt).toBe('2026-02-01T00:00:01.000Z');
    expect(await beginClosing(closer, '2026-02')).toMatchObject({ ok: false, code: 'period_out_of_order' });
    expect((await readPeriod(closer, '2026-02')).state).toBe('open');
    expect((await listPeriods(closer)).map(({ period, state }) => [period, state])).toEqual([
      ['2026-03', 'open'],
      ['2026-02', 'open'],
      ['2026-01', 'closing'],
    ]);
  });
});

describe('an entry', () => {
  it('compares neither pending with available money nor the pool with what is carried', async () => {
    const writer = processAt(FEBRUARY_1);
    const cash = (account: '1300' | '1310', pool: '2400' | '2410'): NewEntry => ({
      ...entry('bt-created#txn_1', FEBRUARY_1),
      kind: 'balance_created',
      company: null,
      provider: null,
      legs: [
        { account, of: null, micros: 70_000 },
        { account: pool, of: pool === '2400' ? 'cards#1' : 'cards', micros: -70_000 },
      ],
    });
    expect(await post(writer, cash('1300', '2400'))).toBe('posted');
    expect(await post(writer, cash('1310', '2410'))).toBe('repeated');
    expect(await post(writer, { ...cash('1310', '2410'), kind: 'balance_available' })).toBe('refused');
  });

  it('is posted together with other writes, or none of them is written', async () => {
    const writer = processAt(FEBRUARY_1);
    const mark = { kind: 'put', table: 'ledger', item: { pk: 'mark', sk: '-' }, when: [['absent', 'pk']] } as const;
    expect(await postWith(writer, entry('charge#5', FEBRUARY_1), [mark])).toBe('posted');
    expect(await postWith(writer, entry('charge#6', FEBRUARY_1), [mark])).toMatchObject({ lost: 0 });
    const other = { ...mark, item: { pk: 'mark', sk: '2' } };
    expect(await postWith(writer, entry('charge#5', FEBRUARY_1), [other])).toBe('repeated');
    expect(await post(writer, entry('charge#6', FEBRUARY_1))).toBe('posted');
  });

  it('that touches somebody in whose lists it does not stand is a bug, and is never written', async () => {
    const writer = processAt(FEBRUARY_1);
    const stray = entry('charge#7', FEBRUARY_1);
    await expect(post(writer, { ...stray, provider: null })).rejects.toThrow('in whose lists it does not stand');
    await expect(post(writer, { ...stray, company: 'co_cccc' })).rejects.toThrow('co_aaaa in 1100');
    await expect(post(writer, { ...stray, legs: stray.legs.slice(1) })).rejects.toThrow('does not balance');
    expect(await eventsOf('2026-02')).not.toContain('charge#7');
  });
});
