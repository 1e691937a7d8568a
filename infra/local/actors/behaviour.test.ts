import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../shared/kernel/time.ts';
import { newAgenda } from './agenda.ts';
import { customerAnswer, planTurn, whenAnswered } from './behaviour.ts';
import { drawsOf } from './draw.ts';
import { syntheticYear } from './synthetic.ts';

const draw = drawsOf(11);
const LEASE = 5 * MINUTE;
const turns = (kind: 'automation' | 'agent_pool' | 'community', turn = 1) =>
  Array.from({ length: 2_000 }, (_, i) => planTurn(draw, kind, `request ${i}`, turn, LEASE));

describe('a simulated turn', () => {
  it.each(['automation', 'agent_pool', 'community'] as const)('of a %s never outlives its lease', (kind) => {
    for (const { end, endsAfterMs, beatsAfterMs } of turns(kind)) {
      if (end === 'fall silent') continue;
      let until = LEASE;
      for (const beat of beatsAfterMs) {
        expect(beat).toBeLessThan(until);
        until = beat + LEASE;
      }
      expect(endsAfterMs).toBeLessThanOrEqual(until);
    }
  });

  it('beats only where its lease would end before the work does', () => {
    const resolved = turns('agent_pool').filter((t) => t.end === 'resolve');
    for (const { endsAfterMs, beatsAfterMs } of resolved) {
      expect(beatsAfterMs.length).toBe(endsAfterMs > LEASE ? 1 : 0);
    }
    expect(turns('automation').every((t) => t.beatsAfterMs.length === 0)).toBe(true);
  });

  it('mostly resolves, sometimes not, and always from the third on', () => {
    const ends = (kind: 'automation' | 'agent_pool') => turns(kind).filter((t) => t.end === 'resolve').length / 2_000;
    expect(ends('automation')).toBeGreaterThan(0.92);
    expect(ends('automation')).toBeLessThan(0.97);
    expect(ends('agent_pool')).toBeGreaterThan(0.97);
    expect(turns('automation', 3).every((t) => t.end === 'resolve')).toBe(true);
  });
});

describe('a simulated customer', () => {
  const window = 7 * DAY;
  it('who comes back says so once, within the reopen window', () => {
    for (let i = 0; i < 500; i++) {
      const request = { externalId: `x${i}`, comesBack: true };
      const first = customerAnswer(draw, request, 0, window);
      expect(first?.say).toBe('not solved');
      expect(first?.afterMs).toBeLessThanOrEqual(window - DAY);
      expect(customerAnswer(draw, request, 1, window)?.say).not.toBe('not solved');
    }
  });
  it('who is content says so within three days, or stays silent', () => {
    const answers = Array.from({ length: 2_000 }, (_, i) =>
      customerAnswer(draw, { externalId: `y${i}`, comesBack: false }, 0, window),
    );
    const said = answers.filter((a) => a !== null);
    expect(said.length / 2_000).toBeGreaterThan(0.5);
    expect(said.length / 2_000).toBeLessThan(0.6);
    expect(said.every((a) => a.say === 'solved' && a.afterMs < 72 * HOUR)).toBe(true);
  });
});

it('a customer answers at the next of two hours of the day', () => {
  const at = (text: string) => Date.parse(`2024-03-05T${text}:00Z`);
  expect(whenAnswered(at('09:01'))).toBe(at('16:00'));
  expect(whenAnswered(at('16:00'))).toBe(at('16:00'));
  expect(whenAnswered(at('03:30'))).toBe(at('09:00'));
  expect(whenAnswered(at('16:01'))).toBe(at('09:00') + DAY);
});

describe('the agenda', () => {
  it('gives events back in order of time, those of one minute in the order they were noted', () => {
    const agenda = newAgenda<number>();
    const times = Array.from({ length: 500 }, (_, i) => draw.whole(0, 99, 'time', i) * MINUTE - (i % 3));
    for (const [i, at] of times.entries()) agenda.note(at, i);
    const minute = (i: number) => Math.ceil(times[i]! / MINUTE);
    const expected = times.map((_, i) => i).sort((a, b) => minute(a) - minute(b) || a - b);
    const taken: number[] = [];
    for (let n = 0; n < 1_000 && agenda.next() !== null; n++) taken.push(...agenda.take(agenda.next()!));
    expect(taken).toEqual(expected);
  });
});

describe('the seeded year', () => {
  it('is the same for the same seed, another for another, and in order of time', () => {
    const year = syntheticYear(drawsOf(1));
    expect(syntheticYear(drawsOf(1))).toEqual(year);
    expect(syntheticYear(drawsOf(2)).arrivals).not.toEqual(year.arrivals);
    for (const [i, { at }] of year.arrivals.entries())
      if (i > 0) expect(at).toBeGreaterThanOrEqual(year.arrivals[i - 1]!.at);
  });
  it('has companies of very unequal size over several queues', () => {
    const { arrivals, classes } = syntheticYear(drawsOf(1));
    const sizes = new Map<string, number>();
    for (const { company } of arrivals) sizes.set(company, (sizes.get(company) ?? 0) + 1);
    const sorted = [...sizes.values()].sort((a, b) => b - a);
    expect(sizes.size).toBe(120);
    expect(sorted[0]! / sorted[60]!).toBeGreaterThan(10);
    expect(classes.size).toBeGreaterThan(6);
    expect(new Set(arrivals.map((a) => `${a.company}/${a.externalId}`)).size).toBe(arrivals.length);
  });
});
