import { describe, expect, it } from 'vitest';
import { HOUR } from '../kernel/time.ts';
import { publicRound } from '../queue/queue.ts';
import { Terms } from '../terms/terms.ts';
import { nextStep, openRound, takesBids } from './round.ts';

const terms = Terms.parse({
  roundLength: 'month',
  slaHours: 48,
  ceilingMicros: 9_000_000,
  failureCostMicros: 0,
  secondPersonAboveMicros: 0,
});
const startsAt = Date.parse('2026-02-01T00:00:00Z');
const round = openRound('q', 1, startsAt, terms, 1, 'seed', 'hash of the seed', startsAt - 28 * 24 * HOUR);

describe('a round', () => {
  it('closes bidding a day before it begins and ends with its calendar month', () => {
    expect(new Date(round.closesAt).toISOString()).toBe('2026-01-31T00:00:00.000Z');
    expect(new Date(round.endsAt).toISOString()).toBe('2026-03-01T00:00:00.000Z');
  });

  it('takes no bid from the very moment of the hard close on', () => {
    expect(takesBids(round, round.closesAt - 1)).toBe(true);
    expect(takesBids(round, round.closesAt)).toBe(false);
    expect(takesBids({ ...round, state: 'clearing' }, round.closesAt - 1)).toBe(false);
  });

  it('is cleared provisionally at the terms’ hours before its close, each once, the newest of those missed', () => {
    const [first, second] = [round.closesAt - 72 * HOUR, round.closesAt - 24 * HOUR];
    expect(terms.provisionalHours).toEqual([72, 24]);
    expect(round.dueAt).toBe(first);
    expect(nextStep(round, terms, first - 1).do).toBe('nothing');
    const again = first + 5 * 60_000;
    expect(nextStep(round, terms, first)).toEqual({ do: 'clear provisionally', at: first, dueAt: again });
    // Its message was lost: asked again, until the round says that it was cleared.
    const waiting = { ...round, dueAt: again };
    expect(nextStep(waiting, terms, again)).toMatchObject({ do: 'clear provisionally', at: first });
    expect(nextStep({ ...waiting, provisionalAt: first }, terms, again)).toEqual({ do: 'wait', dueAt: second });
    expect(nextStep(round, terms, second + HOUR)).toMatchObject({ do: 'clear provisionally', at: second });
    const last = { ...round, provisionalAt: second, dueAt: round.closesAt };
    expect(nextStep(last, terms, round.closesAt - 1).do).toBe('nothing');
  });

  it('leaves out provisional clearings from before it opened, and all where its terms name none', () => {
    const openedAt = round.closesAt - 30 * HOUR;
    expect(openRound('q', 1, startsAt, terms, 1, 's', 'h', openedAt).dueAt).toBe(round.closesAt - 24 * HOUR);
    const none = { ...terms, provisionalHours: [] };
    expect(openRound('q', 1, startsAt, none, 1, 's', 'h', openedAt).dueAt).toBe(round.closesAt);
  });

  it('goes open → clearing → active → settling, and waits for its clearing', () => {
    expect(nextStep(round, terms, round.closesAt - 1).do).not.toBe('close bidding');
    expect(nextStep(round, terms, round.closesAt).do).toBe('close bidding');
    const clearing = { ...round, state: 'clearing' as const, dueAt: round.closesAt + 300_000 };
    expect(nextStep(clearing, terms, startsAt - HOUR).do).toBe('clear again');
    expect(nextStep({ ...clearing, clearedAt: 1 }, terms, startsAt - 1).do).toBe('nothing');
    expect(nextStep({ ...clearing, clearedAt: 1 }, terms, startsAt).do).toBe('activate');
    const active = { ...clearing, clearedAt: 1, state: 'active' as const };
    expect(nextStep(active, terms, round.endsAt)).toEqual({ do: 'settle', dueAt: round.endsAt + 168 * HOUR });
    expect(nextStep({ ...active, state: 'closed', dueAt: null }, terms, round.endsAt * 2).do).toBe('nothing');
  });

  it('publishes neither seed nor results before it is active, nor members’ figures below three members', () => {
    const figures = {
      companies: 3,
      providers: 2,
      committed: 30,
      awarded: 20,
      billingsMicros: 40_000_000,
      standaloneMicros: 50_000_000,
      valueMicros: 1,
      gapMicros: 0,
    };
    expect(publicRound({ ...round, state: 'clearing', figures })).toMatchObject({
      seed: null,
      figures: null,
      averagePriceMicros: null,
    });
    expect(publicRound({ ...round, state: 'active', figures })).toMatchObject({
      seed: 'seed',
      averagePriceMicros: 2_000_000,
      averageStandaloneMicros: 2_500_000,
    });
    expect(publicRound({ ...round, state: 'active', figures: { ...figures, companies: 2 } })).toMatchObject({
      figures: null,
      averagePriceMicros: null,
    });
  });
});
