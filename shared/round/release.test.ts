import { describe, expect, it } from 'vitest';
import { HOUR } from '../kernel/time.ts';
import { Terms } from '../terms/terms.ts';
import { clearedWith, release, releaseView } from './release.ts';
import { awardsAreShown, isInForce, nextStep, openRound, type Round } from './round.ts';

const ABOVE = 50_000_000;
const terms = Terms.parse({
  roundLength: 'month',
  slaHours: 48,
  ceilingMicros: 9_000_000,
  failureCostMicros: 0,
  secondPersonAboveMicros: ABOVE,
});
const startsAt = Date.parse('2026-02-01T00:00:00Z');
const clearedAt = startsAt - HOUR;
const figures = (billingsMicros: number) => ({
  companies: 3,
  providers: 2,
  committed: 30,
  awarded: 20,
  billingsMicros,
  standaloneMicros: 0,
  valueMicros: 0,
  gapMicros: 0,
});
const clearing: Round = { ...openRound('q', 1, startsAt, terms, 1, 'seed', 'hash', 0), state: 'clearing' };
const cleared = (billings: number): Round => ({
  ...clearing,
  ...clearedWith(clearing, figures(billings), terms, clearedAt),
});

/** The round after a call for release that is accepted. */
function called(round: Round, user: string, now: number): Round {
  const decided = release(round, user, now);
  if (!decided.ok) throw new Error(decided.code);
  return { ...round, ...decided.value };
}

describe('awards worth up to the published amount', () => {
  it('are released by the rules alone, at exactly the amount too', () => {
    expect(cleared(ABOVE)).toMatchObject({ dueAt: startsAt });
    expect(cleared(ABOVE).awaitsRelease).toBeUndefined();
    expect(nextStep(cleared(ABOVE), terms, startsAt).do).toBe('activate');
    expect(release(cleared(ABOVE), 'ada', clearedAt)).toMatchObject({ ok: false, code: 'no_release_needed' });
  });
});

describe('awards worth a micro-unit more', () => {
  const waiting = cleared(ABOVE + 1);

  it('wait for people: nothing is due, no request goes to them, nobody is shown them, however late it is', () => {
    expect(waiting).toMatchObject({ awaitsRelease: true, dueAt: null });
    const late = startsAt + 24 * HOUR;
    expect(nextStep(waiting, terms, late)).toEqual({ do: 'nothing' });
    expect(isInForce(waiting, late)).toBe(false);
    const refused = awardsAreShown(waiting, late);
    expect(refused).toMatchObject({ ok: false, code: 'round_not_cleared', retryable: true });
  });

  it('are proposed by one and released by another, each with name and time, and then begin with the round', () => {
    const proposed = called(waiting, 'ada', clearedAt + 1);
    expect(nextStep(proposed, terms, startsAt).do).toBe('nothing');
    const released = called(proposed, 'bob', clearedAt + 2);
    expect(releaseView(released, terms)).toEqual({
      queue: 'q',
      round: 1,
      state: 'released',
      startsAt: '2026-02-01T00:00:00.000Z',
      billingsMicros: ABOVE + 1,
      aboveMicros: ABOVE,
      proposedBy: 'ada',
      proposedAt: '2026-01-31T23:00:00.001Z',
      releasedBy: 'bob',
      releasedAt: '2026-01-31T23:00:00.002Z',
    });
    expect(released.dueAt).toBe(startsAt);
    expect(nextStep(released, terms, startsAt - 1).do).toBe('nothing');
    expect(nextStep(released, terms, startsAt)).toEqual({ do: 'activate', dueAt: released.endsAt });
    expect(isInForce(released, startsAt)).toBe(true);
  });

  it('are not released by who proposed them, who is told that another person has to', () => {
    const proposed = called(waiting, 'ada', clearedAt + 1);
    const again = release(proposed, 'ada', clearedAt + 2);
    expect(again).toMatchObject({ ok: false, code: 'second_person_needed', retryable: false });
    expect(again.ok ? '' : again.detail).toContain('another operator');
  });

  it('once released stay as they were released, whoever calls again', () => {
    const released = called(called(waiting, 'ada', clearedAt + 1), 'bob', clearedAt + 2);
    for (const user of ['ada', 'bob', 'eve'])
      expect(release(released, user, startsAt)).toEqual({ ok: true, value: null });
  });

  it('are not proposed before the round is cleared', () => {
    expect(release(clearing, 'ada', clearedAt)).toMatchObject({ code: 'round_not_cleared', retryable: true });
  });
});
