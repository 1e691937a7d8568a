import { describe, expect, it } from 'vitest';
import { microsOf, type Row, reasonsOf, rowsOf, SUMMED } from './rows.ts';

const row = (change: Partial<Row>): Row => ({
  request: 'r',
  external_id: 'x',
  accepted_at: '2026-01-05T00:00:00.000Z',
  state: 'settled',
  billing: 'billed',
  reason: null,
  amount: '1.62',
  ...change,
});

describe('the requests of a round', () => {
  const rows = [
    row({}),
    row({ amount: '0.000001' }),
    row({ billing: 'not_billed', reason: 'cancelled', amount: null }),
    row({ billing: 'pending', reason: 'confirmed; posted later', amount: '2.5' }),
    row({ billing: 'not_billed', reason: 'no provider took it', amount: null }),
    row({ billing: 'not_billed', reason: 'no provider took it', amount: null }),
  ];

  const read = SUMMED.add(SUMMED.add(SUMMED.none, rows.slice(0, 2)), rows.slice(2));

  it('add up by where they stand, to the last digit, over all pages', () => {
    expect(read.stands).toEqual({
      billed: { count: 2, micros: 1_620_001 },
      pending: { count: 1, micros: 2_500_000 },
      open: { count: 0, micros: 0 },
      not_billed: { count: 3, micros: 0 },
    });
  });

  it('say why they are not billed, the most frequent reason first', () => {
    expect(reasonsOf(read).map(({ reason, count }) => [reason, count])).toEqual([
      ['no provider took it', 2],
      ['cancelled', 1],
      ['confirmed; posted later', 1],
    ]);
  });

  it('are read line by line', () => {
    expect(rowsOf(`${JSON.stringify(rows[0])}\n${JSON.stringify(rows[2])}\n`)).toEqual([rows[0], rows[2]]);
    expect(rowsOf('')).toEqual([]);
  });
});

it('an amount is exact in micro-units', () => {
  expect(['1.62', '0.000001', '3', '-2.5', '12345678.901234'].map(microsOf)).toEqual([
    1_620_000, 1, 3_000_000, -2_500_000, 12_345_678_901_234,
  ]);
  expect(microsOf(null)).toBeNull();
});
