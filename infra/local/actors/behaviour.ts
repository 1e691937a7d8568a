/** How simulated people and programs behave: pure functions of the seed and of what the turn or request is. */
import type { ProviderKind } from '../../../shared/bid/bid.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/kernel/time.ts';
import { type Draw, pick } from './draw.ts';
import { HOURS_OF_DAY } from './row.ts';

/** What a provider will do with a turn, in milliseconds after the claim. */
export type TurnPlan = {
  end: 'resolve' | 'escalate' | 'decline' | 'fall silent';
  /** When it ends; a silent turn ends when its lease does. */
  endsAfterMs: number;
  /** Progress beats, each before the lease as extended by the one before has run out. */
  beatsAfterMs: readonly number[];
};

/** How often a turn does not end with a resolution, by kind of provider. */
const TROUBLE: Record<ProviderKind, { escalate: number; decline: number; silent: number }> = {
  automation: { escalate: 0.05, decline: 0, silent: 0.003 },
  agent_pool: { escalate: 0.004, decline: 0.008, silent: 0.003 },
  community: { escalate: 0.01, decline: 0.015, silent: 0.006 },
};
/**
 * Handling times in minutes: programs 20–120 s, of which the second minute is always over; people 4, experts up to 16.
 * Few different values let turns that began together end together.
 */
const HANDLING_MINUTES: Record<ProviderKind, readonly number[]> = {
  automation: [2],
  agent_pool: [4],
  community: [4, 8, 16],
};
/** From the third turn on nothing goes wrong any more, so that every request comes to an end. */
const TROUBLE_UNTIL_TURN = 3;

/** Draws a turn. `turn` counts the turns of a request from 1; `leaseMs` is the lease of the terms. */
export function planTurn(draw: Draw, kind: ProviderKind, request: string, turn: number, leaseMs: number): TurnPlan {
  const trouble = TROUBLE[kind];
  const share = draw.share('turn', request, turn, kind);
  const minutes = HANDLING_MINUTES[kind];
  const endsAfterMs = (minutes[draw.whole(0, minutes.length - 1, 'handling', request, turn)] ?? 1) * MINUTE;
  if (turn >= TROUBLE_UNTIL_TURN) return plan('resolve');
  if (share < trouble.escalate) return plan('escalate');
  if (share < trouble.escalate + trouble.decline) return { end: 'decline', endsAfterMs: MINUTE, beatsAfterMs: [] };
  if (share < trouble.escalate + trouble.decline + trouble.silent)
    return { end: 'fall silent', endsAfterMs: leaseMs, beatsAfterMs: [] };
  return plan('resolve');

  function plan(end: TurnPlan['end']): TurnPlan {
    return { end, endsAfterMs, beatsAfterMs: beats(endsAfterMs, leaseMs) };
  }
}

/** A beat wherever the lease would end before the work does; a turn within its lease needs none. */
function beats(endsAfterMs: number, leaseMs: number): number[] {
  const step = Math.max(MINUTE, Math.floor((leaseMs - 30 * SECOND) / MINUTE) * MINUTE);
  const at: number[] = [];
  for (let last = 0; last + leaseMs < endsAfterMs; ) {
    last += step;
    at.push(last);
  }
  return at;
}

/** What a customer will say of a resolution, and how long after it; null is silence. */
export type CustomerAnswer = { say: 'solved' | 'not solved'; afterMs: number } | null;

/** Shares of customers who are content: those who say so by the link, the others stay silent. */
const SAYS_SOLVED = 0.55;
/** A night more, and it is still within three days. */
const SOLVED_WITHIN_HOURS = 54;
/** Customers answer at these hours (UTC), so that answers share an instant with each other and with new requests. */
const ANSWER_HOURS = HOURS_OF_DAY;

/** The first such hour at or after an instant. */
export function whenAnswered(at: number): number {
  const day = Math.floor(at / DAY) * DAY;
  const hour = ANSWER_HOURS.find((candidate) => day + candidate * HOUR >= at);
  return hour === undefined ? day + DAY + ANSWER_HOURS[0] * HOUR : day + hour * HOUR;
}

/**
 * A customer who comes back says 'not solved' once, within the reopen window; of the others a share says 'solved' within
 * three days, the rest stay silent. `reopens` says how often the request was worked again.
 */
export function customerAnswer(
  draw: Draw,
  request: { externalId: string; comesBack: boolean },
  reopens: number,
  reopenWindowMs: number,
): CustomerAnswer {
  if (request.comesBack && reopens === 0) {
    const latest = Math.max(1, Math.floor((reopenWindowMs - DAY) / HOUR));
    return { say: 'not solved', afterMs: draw.whole(1, latest, 'back after', request.externalId) * HOUR };
  }
  if (draw.share('says solved', request.externalId) >= SAYS_SOLVED) return null;
  return { say: 'solved', afterMs: draw.whole(1, SOLVED_WITHIN_HOURS, 'solved after', request.externalId) * HOUR };
}

export type Outcome = { code: 'solved' | 'answered' | 'refunded' | 'forwarded'; summary: string };
const OUTCOMES: readonly { weight: number; value: Outcome }[] = [
  { weight: 6, value: { code: 'solved', summary: 'The cause was found and put right.' } },
  { weight: 3, value: { code: 'answered', summary: 'The question was answered with reference to the contract.' } },
  { weight: 1, value: { code: 'refunded', summary: 'A fee was refunded.' } },
  { weight: 1, value: { code: 'forwarded', summary: 'The matter was passed on to the department in charge.' } },
];

export const outcomeOf = (draw: Draw, request: string): Outcome => pick(OUTCOMES, draw.share('outcome', request));
