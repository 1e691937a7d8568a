import { describe, expect, it } from 'vitest';
import { comesBackUntil, isOver } from '../request/request.ts';
import { hasWords, isMeant, Selection, type StoredIncident, viewIncident } from './incident.ts';

const SINCE = { by: 'since', since: '2026-02-02T09:00:00.000Z' };
const since = (more: object = {}) => Selection.parse({ ...SINCE, ...more });
const CHOSEN = Selection.parse({ by: 'chosen', requests: [`co_ada0000001.${'A'.repeat(22)}`] });
const DAY = 86_400_000;

describe('a selection', () => {
  it.each([
    ['ready', true, true, true],
    ['held_back', true, true, true],
    ['leased', false, true, true],
    ['linked', false, false, false],
    ['cancelled', false, false, false],
    ['unserved', false, false, false],
  ] as const)('of what is %s: by time %s, with what is worked %s, chosen %s', (state, plain, working, chosen) => {
    expect(isMeant(since(), { state })).toBe(plain);
    expect(isMeant(since({ working: true }), { state })).toBe(working);
    expect(isMeant(CHOSEN, { state })).toBe(chosen);
  });

  it('never means what its customer had erased', () => {
    expect(isMeant(CHOSEN, { state: 'ready', erasedAt: 1 })).toBe(false);
  });

  it('takes at most a hundred chosen ones', () => {
    const requests = Array.from({ length: 101 }, () => `co_ada0000001.${'A'.repeat(22)}`);
    expect(Selection.safeParse({ by: 'chosen', requests }).success).toBe(false);
    expect(Selection.safeParse({ by: 'chosen', requests: requests.slice(1) }).success).toBe(true);
  });
});

describe('a search', () => {
  it.each([
    ['card declined', 'My CARD was declined twice', true],
    ['card declined', 'My card is blue', false],
    ['', 'anything', true],
    ['Überweisung', 'die ÜBERWEISUNG fehlt', true],
  ])('for “%s” in “%s”: %s', (search, text, expected) => {
    expect(hasWords(search, text)).toBe(expected);
  });
});

describe('a linked request', () => {
  const head = (more: object = {}) => ({
    state: 'linked' as const,
    incident: `in_ada0000001.${'A'.repeat(22)}`,
    windowClass: '72-168',
    history: [
      ['ready', 0, '-'],
      ['linked', 10 * DAY, 'company'],
    ] as [string, number, string][],
    ...more,
  });
  it('may come back for its reopen window from the linking, and is over then', () => {
    // 168 hours are seven days.
    expect(comesBackUntil(head())).toBe(17 * DAY);
    expect(isOver('linked', head(), 17 * DAY - 1)).toBe(false);
    expect(isOver('linked', head(), 17 * DAY)).toBe(true);
  });
  it('to another request is over at once, and what came back is open', () => {
    const { incident: _, ...toRequest } = head();
    expect(comesBackUntil(toRequest)).toBeNull();
    expect(isOver('linked', toRequest, 10 * DAY)).toBe(true);
    expect(isOver('queued', head({ state: 'ready' }), 99 * DAY)).toBe(false);
  });
});

describe('what was avoided', () => {
  it('is what was linked and has not come back, each at its own price', () => {
    const incident = {
      state: 'declared',
      queues: ['q'],
      since: 0,
      linked: 5,
      linkedMicros: 11_000_000,
      cameBack: 2,
      cameBackMicros: 4_500_000,
      currency: 'EUR',
      run: null,
      declaredAt: 1,
      endedAt: null,
    } as unknown as StoredIncident;
    expect(viewIncident(incident).avoided).toMatchObject({ requests: 3, micros: 6_500_000, currency: 'EUR' });
  });
});
