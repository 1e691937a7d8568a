import { describe, expect, it } from 'vitest';
import { offersOf, roughly, stepOf } from './where.ts';

const plain = { erased: false, canRate: false };

describe('what a customer may do', () => {
  it('is asking for a person while it is open, judging once it is resolved, taking the receipt once it is settled', () => {
    expect(offersOf('queued', plain)).toMatchObject({ solved: false, notSolved: false, person: true, receipt: false });
    expect(offersOf('resolved', plain)).toMatchObject({ solved: true, notSolved: true, person: true });
    expect(offersOf('confirmed', plain)).toMatchObject({ solved: false, notSolved: true, person: true });
    expect(offersOf('settled', plain)).toMatchObject({ notSolved: false, person: false, receipt: true });
    expect(offersOf('cancelled', plain)).toMatchObject({ notSolved: false, person: false, message: true });
  });

  it('while it is linked to an incident, is saying that one needs help oneself, for as long as that is taken', () => {
    const linked = (comesBackUntil: string | null) => ({ ...plain, incident: { comesBackUntil } });
    const may = { solved: false, notSolved: true, person: true, message: true };
    expect(offersOf('linked', linked('2026-03-01T00:00:00.000Z'))).toMatchObject(may);
    expect(offersOf('linked', linked(null))).toMatchObject({ notSolved: false, person: false, message: true });
    expect(offersOf('linked', { ...plain, incident: null })).toMatchObject({ notSolved: false, person: false });
  });

  it('is nothing but the receipt once everything was erased', () => {
    const erased = { erased: true, canRate: false };
    expect(Object.values(offersOf('resolved', erased)).every((may) => !may)).toBe(true);
    expect(offersOf('settled', erased)).toMatchObject({ receipt: true, message: false, erase: false });
  });
});

it('a request that left the way has no step', () => {
  expect([stepOf('held_back'), stepOf('assumed'), stepOf('linked')]).toEqual(['received', 'answered', null]);
});

it('a wait is told in one unit, never shorter than it is', () => {
  expect(roughly(45, 'en')).toBe('45 seconds');
  expect(roughly(91, 'en')).toBe('2 minutes');
  expect(roughly(2 * 3_600 + 1, 'en')).toBe('3 hours');
  expect(roughly(3 * 86_400, 'de')).toBe('3 Tage');
});
