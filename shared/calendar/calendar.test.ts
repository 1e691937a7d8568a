/** Deadlines by working hours. Expected instants were read off a calendar by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, iso, MINUTE } from '../kernel/time.ts';
import { afterOpenTime, isOpen, isOpenBetween, nextOpen, OpeningHours, openTimeBetween } from './calendar.ts';

const nine = [{ from: '09:00', to: '17:00' }];
const WEEK = { monday: nine, tuesday: nine, wednesday: nine, thursday: nine, friday: nine };
const berlin = OpeningHours.parse({
  timeZone: 'Europe/Berlin',
  week: WEEK,
  exceptions: [{ date: '2026-05-01' }, { date: '2026-12-24', open: [{ from: '09:00', to: '12:00' }] }],
});
const at = (text: string): number => Date.parse(text);
const deadline = (hours: OpeningHours, from: string, time: number): string => iso(afterOpenTime(hours, at(from), time));

describe('a deadline by working hours', () => {
  it.each([
    ['inside one day', '2026-02-03T09:00:00Z', 4 * HOUR, '2026-02-03T13:00:00.000Z'],
    ['ends with the day, and not on the next morning', '2026-02-03T08:00:00Z', 8 * HOUR, '2026-02-03T16:00:00.000Z'],
    ['goes on the next morning', '2026-02-03T15:00:00Z', 4 * HOUR, '2026-02-04T11:00:00.000Z'],
    ['begins at opening where it was closed', '2026-02-03T04:00:00Z', HOUR, '2026-02-03T09:00:00.000Z'],
    ['leaves out the weekend', '2026-02-06T15:30:00Z', HOUR, '2026-02-09T08:30:00.000Z'],
    ['leaves out a holiday', '2026-04-30T14:30:00Z', HOUR, '2026-05-04T07:30:00.000Z'],
    ['takes a short day as it is', '2026-12-24T10:30:00Z', HOUR, '2026-12-25T08:30:00.000Z'],
    ['over the change to summer time', '2026-03-27T15:00:00Z', 2 * HOUR, '2026-03-30T08:00:00.000Z'],
    ['over the change to winter time', '2026-10-23T14:00:00Z', 2 * HOUR, '2026-10-26T09:00:00.000Z'],
  ])('%s', (_name, from, time, expected) => {
    expect(deadline(berlin, from, time)).toBe(expected);
  });

  it('counts what really passes in the nights when the clocks change', () => {
    const night = [{ from: '00:00', to: '06:00' }];
    const always = OpeningHours.parse({ timeZone: 'America/New_York', week: { saturday: night, sunday: night } });
    // 2026-03-08 has no 02:00–03:00: its night is five hours; 2026-11-01 has that hour twice: seven.
    expect(openTimeBetween(always, at('2026-03-08T05:00:00Z'), at('2026-03-09T04:00:00Z'))).toBe(5 * HOUR);
    expect(openTimeBetween(always, at('2026-11-01T04:00:00Z'), at('2026-11-02T05:00:00Z'))).toBe(7 * HOUR);
    const gap = OpeningHours.parse({
      timeZone: 'America/New_York',
      week: { sunday: [{ from: '02:30', to: '09:00' }] },
    });
    // 02:30 does not exist on that day; the clocks stand at 03:30 half an hour after the change.
    expect(isOpen(gap, at('2026-03-08T07:30:00Z'))).toBe(true);
    expect(isOpen(gap, at('2026-03-08T06:59:00Z'))).toBe(false);
  });

  it('with days to their very end is plain time', () => {
    const whole = [{ from: '00:00', to: '24:00' }];
    const always = OpeningHours.parse({
      timeZone: 'Europe/Berlin',
      week: { ...Object.fromEntries(Object.keys(WEEK).map((day) => [day, whole])), saturday: whole, sunday: whole },
    });
    expect(deadline(always, '2026-03-27T15:00:00Z', 100 * HOUR)).toBe('2026-03-31T19:00:00.000Z');
  });

  it('is never earlier than the same plain time, and takes exactly its open time', () => {
    const from = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') });
    fc.assert(
      fc.property(from, fc.integer({ min: 1, max: 200 * 60 }), (start, minutes) => {
        const end = afterOpenTime(berlin, start, minutes * MINUTE);
        expect(end).toBeGreaterThanOrEqual(start + minutes * MINUTE);
        expect(openTimeBetween(berlin, start, end)).toBe(minutes * MINUTE);
      }),
      { numRuns: 200 },
    );
  });
});

describe('opening', () => {
  it('is from the first minute to before the last', () => {
    expect(isOpen(berlin, at('2026-02-03T08:00:00Z'))).toBe(true);
    expect(isOpen(berlin, at('2026-02-03T15:59:59.999Z'))).toBe(true);
    expect(isOpen(berlin, at('2026-02-03T16:00:00Z'))).toBe(false);
    expect(iso(nextOpen(berlin, at('2026-02-06T16:00:00Z'))!)).toBe('2026-02-09T08:00:00.000Z');
    expect(isOpenBetween(berlin, at('2026-02-07T00:00:00Z'), at('2026-02-09T08:00:00Z'))).toBe(false);
    expect(isOpenBetween(berlin, at('2026-02-07T00:00:00Z'), at('2026-02-09T08:00:01Z'))).toBe(true);
  });

  it.each([
    ['a zone that does not exist', { timeZone: 'Europe/Atlantis', week: WEEK }],
    ['hours over midnight', { timeZone: 'UTC', week: { monday: [{ from: '22:00', to: '06:00' }] } }],
    [
      'overlapping spans',
      {
        timeZone: 'UTC',
        week: {
          monday: [
            { from: '08:00', to: '12:00' },
            { from: '11:00', to: '17:00' },
          ],
        },
      },
    ],
    ['a week that is hardly open', { timeZone: 'UTC', week: { monday: [{ from: '08:00', to: '11:59' }] } }],
    ['a date twice', { timeZone: 'UTC', week: WEEK, exceptions: [{ date: '2026-05-01' }, { date: '2026-05-01' }] }],
    ['a date that does not exist', { timeZone: 'UTC', week: WEEK, exceptions: [{ date: '2026-02-30' }] }],
  ])('refuses %s', (_name, hours) => {
    expect(OpeningHours.safeParse(hours).success).toBe(false);
  });
});
