import { describe, expect, it } from 'vitest';
import type { RoundReport } from '../../../shared/round/report.ts';
import { monthly } from './money.oracle.ts';
import { moneyReport } from './money-report.ts';
import { faultsOf, queueLine, type ReplayReport, totalLine, unitsPer } from './report.ts';
import { cut, renderReport } from './report-text.ts';

const round = (
  n: number,
  totals: Partial<RoundReport['totals']>,
  figures: Partial<NonNullable<RoundReport['figures']>> | null,
): RoundReport => ({
  queue: 'q',
  round: n,
  state: 'closed',
  figures:
    figures === null
      ? null
      : {
          companies: 3,
          providers: 2,
          committed: 0,
          awarded: 0,
          billingsMicros: 0,
          standaloneMicros: 0,
          valueMicros: 0,
          gapMicros: 0,
          ...figures,
        },
  totals: {
    accepted: 0,
    bySlot: 0,
    byOverflow: 0,
    unserved: 0,
    cancelled: 0,
    linked: 0,
    sent: 0,
    attempted: 0,
    charged: 0,
    confirmed: 0,
    assumed: 0,
    reopened: 0,
    rejected: 0,
    withinSla: 0,
    chargedMicros: 0,
    fullPriceMicros: 0,
    poolMicros: 0,
    ...totals,
  },
  companiesFinal: 3,
  companiesOpen: 0,
  shortfallMicros: 5,
  releaseCreditMicros: 7,
  trueUpMicros: -2,
});
const rounds = [
  round(
    1,
    {
      accepted: 10,
      byOverflow: 9,
      unserved: 1,
      charged: 9,
      confirmed: 5,
      assumed: 4,
      withinSla: 9,
      chargedMicros: 90_000_000,
    },
    null,
  ),
  round(
    2,
    {
      accepted: 20,
      bySlot: 12,
      byOverflow: 8,
      charged: 20,
      confirmed: 15,
      assumed: 5,
      reopened: 3,
      withinSla: 19,
      chargedMicros: 100_000_000,
    },
    { committed: 14, awarded: 12, billingsMicros: 60_000_000, standaloneMicros: 72_000_000 },
  ),
];

describe('a queue’s line', () => {
  const line = queueLine('Mortgage · Web', 'q', rounds, 4, 2);
  it('sums its rounds, and counts requests that no round could take as unserved', () => {
    expect(line).toMatchObject({
      rounds: 2,
      companies: 4,
      committed: 14,
      awarded: 12,
      arrived: 32,
      bySlot: 12,
      byOverflow: 17,
      unserved: 3,
    });
    expect(line).toMatchObject({
      charged: 29,
      confirmed: 20,
      assumed: 9,
      reopened: 3,
      withinSla: 28,
      chargedMicros: 190_000_000,
    });
    expect(line).toMatchObject({ shortfallMicros: 10, releaseCreditMicros: 14, trueUpMicros: -4 });
  });
  it('gives prices per awarded request and the saving against buying alone', () => {
    // 72 / 12 = 6.00 alone, 60 / 12 = 5.00 pooled: a sixth saved.
    expect(line).toMatchObject({ standaloneMicros: 6_000_000, poolMicros: 5_000_000, savingBps: 1_667 });
  });
  it('has no price where nothing was awarded', () => {
    expect(queueLine('x', 'q', [rounds[0]!], 1, 0)).toMatchObject({
      standaloneMicros: null,
      poolMicros: null,
      savingBps: null,
    });
  });
  it('weighs the total’s prices by what was awarded', () => {
    const other = { ...line, awarded: 36, poolMicros: 9_000_000, standaloneMicros: 10_000_000 };
    // (12·5 + 36·9) / 48 = 8; (12·6 + 36·10) / 48 = 9
    expect(totalLine([line, other], 5)).toMatchObject({
      companies: 5,
      awarded: 48,
      poolMicros: 8_000_000,
      standaloneMicros: 9_000_000,
    });
  });
});

const line = queueLine('Bank account or service · Postal mail', 'q', rounds, 4, 0);
const sound: Omit<ReplayReport, 'faults'> = {
  input: {
    source: 'x.csv',
    rows: 31,
    sent: 30,
    problems: [{ line: 4, reason: 'the company is empty' }],
    problemCount: 12,
  },
  market: {
    begins: '2024-01-01T00:00:00.000Z',
    ends: '2024-06-30T00:00:00.000Z',
    roundLength: 'quarter',
    seed: 1,
    resumed: false,
  },
  queues: [line],
  total: totalLine([line], 4),
  walk: { sent: 30, found: 30, missing: 0, unknown: 0, doubled: 0, states: { settled: 29, unserved: 1 }, names: [] },
  ledger: { through: '2024-08', entries: 40, balanced: true },
  money: moneyReport(monthly.facts),
  openRounds: [],
  surprises: {},
  measured: {
    seconds: 3,
    requestsPerSecond: 10,
    peakMemoryMb: 200,
    actorsPeakMemoryMb: 90,
    writeUnitsPerResolution: 15.2,
    writeUnitsPerCharge: 17.1,
    readUnitsPerRequest: 3.1,
    sweepWriteUnitsPerResolution: 0.4,
    commands: [],
  },
};

describe('what does not add up is said', () => {
  it('nothing where all does', () => {
    expect(faultsOf(sound)).toEqual([]);
  });
  it.each([
    [
      'a lost request',
      { walk: { ...sound.walk, found: 29, missing: 1, names: ['a7'] } },
      'stand in no list (such as a7)',
    ],
    ['a request nobody sent', { walk: { ...sound.walk, unknown: 2 } }, 'were not sent'],
    [
      'a charge too many',
      { walk: { ...sound.walk, states: { settled: 28, unserved: 2 } } },
      '29 requests were charged, 28 are settled',
    ],
    ['an open request', { walk: { ...sound.walk, states: { settled: 29, queued: 1 } } }, 'have not come to an end'],
    ['a ledger out of balance', { ledger: { ...sound.ledger, balanced: false } }, 'does not balance'],
    [
      'an invoice that is not what was charged',
      { money: moneyReport({ ...monthly.facts, chargedMicros: 0 }) },
      'charges and invoices differ',
    ],
    ['an open round', { openRounds: [{ queue: 'q', round: 2 }] }, 'not closed'],
  ])('%s', (_, change, text) => {
    expect(faultsOf({ ...sound, ...change }).join('; ')).toContain(text);
  });
});

describe('the report as text', () => {
  it.each([80, 100, 120])('keeps its tables within %d columns', (width) => {
    const text = renderReport({ ...sound, faults: [] }, width, 'See it');
    const tableLines = text.split('\n').filter((l) => /^(queue|─|all |Bank)/.test(l));
    expect(tableLines.length).toBeGreaterThan(3);
    for (const l of tableLines) expect(l.length).toBeLessThanOrEqual(width);
    expect(text).toContain('16.7%');
    expect(text).toContain('line 4: the company is empty');
    expect(text).toContain('and 11 more');
  });
  it('cuts a long name and keeps its end', () => {
    expect(cut('Bank account or service · Postal mail', 24)).toBe('Bank account …ostal mail');
    expect(cut('short', 24)).toBe('short');
  });
});

it('units are those of the request path, per claimed resolution and per charge, sweeps apart', () => {
  const commands = [
    { command: 'createRequest', runs: 20, writeUnits: 60, readUnits: 10 },
    { command: 'claim', runs: 15, writeUnits: 40, readUnits: 20 },
    { command: 'resolve', runs: 13, writeUnits: 0, readUnits: 0 },
    { command: 'getRequest', runs: 10, writeUnits: 0, readUnits: 50 },
    { command: 'sweep:lease_end', runs: 10, writeUnits: 26, readUnits: 50 },
    { command: 'sweep:rounds', runs: 10, writeUnits: 500, readUnits: 50 },
    { command: 'sweep:posting', runs: 10, writeUnits: 30, readUnits: 0 },
  ];
  expect(unitsPer(commands, 10, 20)).toEqual({ write: 10, writePerCharge: 13, read: 1.5, sweepWrite: 2 });
});
