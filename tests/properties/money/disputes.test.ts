/**
 * Disputes against a model that knows only which are open: any charges, any commands in any order, at any time. BILLING.md's
 * tenth and eleventh properties, over the pure decisions and postings.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterEvent,
  answer,
  type Dispute,
  decide,
  isOpenDispute,
  takeEffect,
  takeOffer,
  withDefault,
  withdraw,
} from '../../../shared/dispute/dispute.ts';
import { acceptedParts, heldParts, type Part } from '../../../shared/dispute/entries.ts';
import { isWithin, portionOf, type Share } from '../../../shared/dispute/share.ts';
import { DAY } from '../../../shared/kernel/time.ts';
import { isBalanced, reversed } from '../../../shared/ledger/entry.ts';
import type { Leg } from '../../../shared/ledger/ledger.ts';
import { creditNoteLegs, NO_CREDIT_NOTE } from '../../../shared/ledger/postings/credit-note.ts';
import { NO_SLA } from '../../../shared/ledger/postings/dispute.ts';
import { check } from './runs.ts';

const COMPANY = 'co_disputes01';
const START = Date.parse('2026-02-11T09:00:00Z');
const POOL = { account: '2400', of: 'queue#1' } as const;

const share: fc.Arbitrary<Share> = fc.oneof(
  fc.record({ bps: fc.integer({ min: 1, max: 10_000 }) }),
  fc.record({ micros: fc.integer({ min: 1, max: 12_000_000 }) }),
);
/** A charge: P, b and f in any proportion, some of b shared with up to three programs; invoiced or not. */
const charge = fc
  .record({
    priceMicros: fc.integer({ min: 1, max: 12_000_000 }),
    bidMicros: fc.integer({ min: 0, max: 12_000_000 }),
    feeBps: fc.integer({ min: 0, max: 2_000 }),
    shared: fc.array(fc.integer({ min: 1, max: 400_000 }), { maxLength: 3 }),
    isInvoiced: fc.boolean(),
  })
  .map(({ priceMicros, bidMicros, feeBps, shared, isInvoiced }) => {
    const feeMicros = Math.floor((bidMicros * feeBps) / 10_000);
    const split = shared
      .map((micros, i) => ({ provider: `pr_program00${i}`, micros }))
      .filter((_, i) => shared.slice(0, i + 1).reduce((sum, one) => sum + one, 0) <= bidMicros);
    return { priceMicros, bidMicros, feeMicros, poolMicros: priceMicros - bidMicros - feeMicros, split, isInvoiced };
  });
const command = fc.oneof(
  fc.record({ do: fc.constant('accept' as const) }),
  fc.record({ do: fc.constant('contest' as const) }),
  fc.record({ do: fc.constant('offer' as const), bps: fc.integer({ min: 1, max: 9_999 }) }),
  fc.record({ do: fc.constant('decide' as const), share: fc.option(share) }),
  fc.record({ do: fc.constant('take' as const) }),
  fc.record({ do: fc.constant('withdraw' as const) }),
  fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ do: fc.constant('post' as const) }),
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;
type Charge = typeof charge extends fc.Arbitrary<infer C> ? C : never;

const opened = (made: Charge, claimed: Share): Dispute => ({
  id: `${COMPANY}.AAAAAAAAAAAAAAAAAAAAAA.d1`,
  request: `${COMPANY}.AAAAAAAAAAAAAAAAAAAAAA`,
  lease: '72-168.1.0.co_a.b.c',
  company: COMPANY,
  provider: 'pr_finisher1',
  queue: 'queue',
  round: 1,
  currency: 'USD',
  outcome: 'confirmed',
  route: 'slot',
  settledAt: START,
  ...made,
  state: 'open',
  reason: { code: 'came_back', text: '' },
  claimed,
  wants: 'credit',
  termsVersion: 1,
  decisionDays: 10,
  openedAt: START,
  openedBy: 'ada',
  answerBy: START + 7 * DAY,
  decideBy: null,
  heldAt: START,
  invoice: made.isInvoiced ? `${COMPANY}.USD.2026-01.v0` : null,
  sla: null,
  answer: null,
  ended: null,
  resolvedAt: null,
  creditNote: null,
});

/** One dispute with its entries so far. */
type Run = { dispute: Dispute; entries: Leg[][]; resolutions: number };

function step(run: Run, asked: Command, now: number): Run {
  const { dispute } = run;
  const result = (() => {
    switch (asked.do) {
      case 'accept':
        return answer(dispute, { answer: 'accept' }, 'bob', now);
      case 'contest':
        return answer(dispute, { answer: 'contest', statement: 'No.' }, 'bob', now);
      case 'offer':
        return answer(dispute, { answer: 'accept_part', bps: asked.bps, statement: 'Some.' }, 'bob', now);
      case 'decide':
        return decide(
          dispute,
          asked.share === null
            ? { outcome: 'reject', reason: 'No.' }
            : { outcome: 'accept', share: asked.share, reason: 'Yes.' },
          'olga',
          now,
        );
      case 'take':
        return takeOffer(dispute, 'ada', now);
      case 'withdraw':
        return withdraw(dispute, 'ada', now);
      default:
        return { ok: true as const, value: withDefault(dispute, now) };
    }
  })();
  return posted({ ...run, dispute: result.ok ? result.value : dispute }, now);
}

/** Posts what was decided and is not posted yet, as the sweep does. */
function posted(run: Run, now: number): Run {
  const { dispute } = run;
  if (dispute.resolvedAt !== null || dispute.ended === null) return run;
  const legs = (parts: readonly Part[]): Leg[][] => parts.map((part) => part.legs).filter((one) => one.length > 0);
  const resolutions = run.resolutions + 1;
  const { share: given } = dispute.ended;
  if (given === null) {
    const back = heldParts(dispute, dispute.invoice !== null).map((part) => ({ ...part, legs: reversed(part.legs) }));
    return { dispute: { ...dispute, resolvedAt: now }, entries: [...run.entries, ...legs(back)], resolutions };
  }
  const { priceMicros } = portionOf(dispute, given);
  const note = {
    ...NO_CREDIT_NOTE,
    netMicros: priceMicros - (priceMicros % 10_000),
    creditMicros: priceMicros - (priceMicros % 10_000),
  };
  const company =
    dispute.invoice === null ? null : creditNoteLegs(note, priceMicros, { company: COMPANY, invoice: dispute.invoice });
  const back = acceptedParts(dispute, given, NO_SLA, POOL, company);
  return { dispute: takeEffect(dispute, null, now), entries: [...run.entries, ...legs(back)], resolutions };
}

const balance = (entries: readonly Leg[][], ...accounts: string[]): bigint =>
  entries.flat().reduce((sum, leg) => sum + (accounts.includes(leg.account) ? BigInt(leg.micros) : 0n), 0n);
const scenario = fc.array(fc.record({ charge, claimed: share, commands: fc.array(command, { maxLength: 8 }) }), {
  minLength: 1,
  maxLength: 8,
});

describe('disputes in any order', () => {
  it('1110 is P of the open ones that are not invoiced, 2110 + 2300 is b + f of all open ones, each resolved once (10)', () => {
    fc.assert(
      fc.property(scenario, (all) => {
        const runs: Run[] = [];
        for (const { charge: made, claimed, commands } of all) {
          if (!isWithin(claimed, { bps: 10_000 }, made.priceMicros)) continue;
          const dispute = opened(made, claimed);
          const held = heldParts(dispute, made.isInvoiced).map(({ legs }) => legs);
          let run: Run = { dispute, entries: held, resolutions: 0 };
          let now = START;
          for (const asked of commands) {
            if (asked.do === 'wait') now += asked.days * DAY;
            run = step(run, asked, now);
          }
          expect(run.resolutions).toBe(isOpenDispute(run.dispute.state) ? 0 : 1);
          runs.push(run);
        }
        const entries = runs.flatMap((run) => run.entries);
        for (const legs of entries) expect(isBalanced(legs)).toBe(true);
        const open = runs.map((run) => run.dispute).filter((dispute) => isOpenDispute(dispute.state));
        const sum = (of: (dispute: Dispute) => number, some = open): bigint =>
          some.reduce((total, dispute) => total + BigInt(of(dispute)), 0n);
        const notInvoiced = open.filter(({ invoice }) => invoice === null);
        expect(balance(entries, '1110')).toBe(sum(({ priceMicros }) => priceMicros, notInvoiced));
        expect(balance(entries, '2110', '2300')).toBe(-sum(({ bidMicros, feeMicros }) => bidMicros + feeMicros));
        // What lies between the providers' entries is nothing once all of them are posted.
        expect(balance(entries, '2105')).toBe(0n);
      }),
      check,
    );
  });

  it('a rejection or withdrawal negates exactly what was held, in every account and for every owner (11)', () => {
    fc.assert(
      fc.property(charge, fc.boolean(), (made, isWithdrawn) => {
        const dispute = opened(made, { bps: 10_000 });
        const held = heldParts(dispute, made.isInvoiced).map(({ legs }) => legs);
        const contested = answer(dispute, { answer: 'contest', statement: 'No.' }, 'bob', START);
        if (!contested.ok) throw new Error(contested.code);
        const over = isWithdrawn
          ? withdraw(contested.value, 'ada', START + DAY)
          : decide(contested.value, { outcome: 'reject', reason: 'No.' }, 'olga', START + DAY);
        if (!over.ok) throw new Error(over.code);
        const { entries } = posted({ dispute: over.value, entries: held, resolutions: 0 }, START + DAY);
        const sums = new Map<string, number>();
        for (const leg of entries.flat()) {
          const key = `${leg.account} ${leg.of}`;
          sums.set(key, (sums.get(key) ?? 0) + leg.micros);
        }
        expect([...sums.values()].every((micros) => micros === 0)).toBe(true);
        expect(posted({ dispute: { ...over.value, resolvedAt: START }, entries, resolutions: 1 }, START).entries).toBe(
          entries,
        );
      }),
      check,
    );
  });

  it('a part and the rest of it are the whole: nobody gains or loses a micro-unit by rounding', () => {
    fc.assert(
      fc.property(charge, fc.integer({ min: 1, max: 10_000 }), (made, bps) => {
        const dispute = opened(made, { bps: 10_000 });
        const held = heldParts(dispute, false).map(({ legs }) => legs);
        const back = acceptedParts(dispute, { bps }, NO_SLA, POOL, null).map(({ legs }) => legs);
        // Independently: ⌊α·m⌋ in exact fractions.
        const part = (micros: number): bigint => (BigInt(micros) * BigInt(bps)) / 10_000n;
        const entries = [...held, ...back];
        expect(balance(entries, '1100')).toBe(-part(made.priceMicros));
        expect(balance(entries, '2100')).toBe(part(made.bidMicros));
        expect(balance(entries, '4100')).toBe(part(made.feeMicros));
        expect(balance(entries, '2400')).toBe(part(made.priceMicros) - part(made.bidMicros) - part(made.feeMicros));
        expect(balance(entries, '1110', '2110', '2300', '2105')).toBe(0n);
      }),
      check,
    );
  });

  it('no state is left that nothing leads out of but the four ends', () => {
    const events = ['contest', 'agree', 'reject', 'withdraw', 'take_effect', 'take_effect_in_part'] as const;
    const ends = (
      ['open', 'contested', 'agreed', 'accepted', 'partly_accepted', 'rejected', 'withdrawn'] as const
    ).filter((state) => events.every((event) => afterEvent(state, event) === null));
    expect(ends).toEqual(['accepted', 'partly_accepted', 'rejected', 'withdrawn']);
  });
});
