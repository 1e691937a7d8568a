import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from '../kernel/time.ts';
import { AGE_BANDS, aged, bandOf, type OpenItem } from './aged.ts';
import { daysPassed, forecast } from './forecast.ts';

const NOW = Date.UTC(2026, 4, 1);

describe('aged receivables', () => {
  it.each([
    [0, 'not_due'],
    [-5 * DAY, 'not_due'],
    [1, 'days_1_30'],
    [30 * DAY, 'days_1_30'],
    [30 * DAY + 1, 'days_31_60'],
    [60 * DAY, 'days_31_60'],
    [90 * DAY, 'days_61_90'],
    [90 * DAY + 1, 'days_over_90'],
    [4_000 * DAY, 'days_over_90'],
  ] as const)('puts what is %i ms past due into %s', (ms, band) => {
    expect(bandOf(NOW - ms, NOW)).toBe(band);
  });

  it('keeps every micro-unit, by party and currency, whatever the order', () => {
    const item = fc.record({
      party: fc.constantFrom('co_a', 'co_b'),
      currency: fc.constantFrom('USD' as const, 'EUR' as const),
      micros: fc.integer({ min: -1e9, max: 1e9 }),
      dueAt: fc.integer({ min: NOW - 200 * DAY, max: NOW + 40 * DAY }),
    });
    fc.assert(
      fc.property(fc.array(item), (items: OpenItem[]) => {
        const rows = aged(items, NOW);
        const total = (from: { micros: number }[]) => from.reduce((sum, { micros }) => sum + BigInt(micros), 0n);
        expect(rows.reduce((sum, row) => sum + BigInt(row.totalMicros), 0n)).toBe(total(items));
        for (const row of rows)
          expect(AGE_BANDS.reduce((sum, band) => sum + row.micros[band], 0)).toBe(row.totalMicros);
        expect(aged([...items].reverse(), NOW)).toEqual(rows);
      }),
    );
  });
});

describe('the forecast of a month', () => {
  const current = { period: '2026-05', micros: 100, days: 10, daysInMonth: 30 };

  it('goes on as the month began where there is nothing to compare it with: 10 days of 10 each make 300 in 30', () => {
    expect(forecast(current, [])).toMatchObject({ expectedMicros: 300, fromMicros: 300, toMicros: 300 });
  });

  it('weighs the month by its days: a third its own 10 a day, two thirds the 40 of before, so 30 a day for 20 days', () => {
    const before = [{ period: '2026-04', micros: 1_200, days: 30 }];
    expect(forecast(current, before)).toMatchObject({ expectedMicros: 700, fromMicros: 300, toMicros: 900 });
  });

  it('goes by the months before on the first day, and by nothing where there is nothing', () => {
    const before = [{ period: '2026-04', micros: 300, days: 30 }];
    expect(forecast({ ...current, micros: 5, days: 0.5 }, before)?.expectedMicros).toBe(5 + 295);
    expect(forecast({ ...current, days: 0 }, [])).toBeNull();
  });

  it('has the whole month behind it at its end', () => {
    expect(forecast({ ...current, days: 30 }, [])?.expectedMicros).toBe(100);
    const [start, end] = [Date.UTC(2026, 3, 1), Date.UTC(2026, 4, 1)];
    expect(daysPassed(start, end, NOW)).toBe(30);
    expect(daysPassed(start, end, start + DAY / 2)).toBe(0.5);
  });
});
