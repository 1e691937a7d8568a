/**
 * What a provider earned is where it should be, whatever happens to it: paid, payable, held or on its way (BILLING.md, 'Must
 * hold', 7), and what is held is what is disputed (10, the provider's part). Seeds are printed where one fails.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, monthOf } from '../../../shared/kernel/time.ts';
import { isBalanced } from '../../../shared/ledger/entry.ts';
import type { Leg } from '../../../shared/ledger/ledger.ts';
import { endOf } from '../../../shared/ledger/period.ts';
import { transferLegs, transferReversedLegs } from '../../../shared/ledger/postings/cash.ts';
import {
  debtGivenUpLegs,
  payoutFailedLegs,
  payoutLegs,
  providerTaxLegs,
} from '../../../shared/ledger/postings/payout.ts';
import { closedThrough, foldBook } from '../../../shared/payout/book.store.ts';
import { owedInAll } from '../../../shared/payout/draft.store.ts';
import { listPayouts, payoutLines } from '../../../shared/payout/payout.store.ts';
import { clawbackOf, reversalsOf, settlementOf } from '../../../shared/payout/payout.ts';
import { approveRun, makeRun, workRun } from '../../../shared/payout/run.store.ts';
import { dice } from '../../support/dice.ts';
import { openPayWorld, type PayWorld } from '../../support/payouts.ts';
import { check, ENGINE_SEEDS } from './runs.ts';

const P = 'pr_b';
const held = (from: '2100' | '2110', to: '2100' | '2110', micros: number): Leg[] => [
  { account: from, of: P, micros },
  { account: to, of: P, micros: -micros },
];
const lost = (from: '2100' | '2110', micros: number): Leg[] => [
  { account: from, of: P, micros },
  { account: '5300', of: null, micros: -micros },
];

type Step = readonly [what: number, micros: number, pick: number];
const steps = fc.array(
  fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 9_000_000 }), fc.nat({ max: 99 })) as fc.Arbitrary<Step>,
  { maxLength: 80 },
);

/** A ledger of one provider in memory, with what happened counted apart from it. */
function play(all: readonly Step[]) {
  const legs: Leg[] = [];
  const sum = { earned: 0, accepted: 0, tax: 0, givenUp: 0, transferred: 0, reversed: 0 };
  const open: number[] = [];
  const transfers: { transfer: string; leftMicros: number }[] = [];
  const of = (account: string): number =>
    legs.reduce((total, leg) => (leg.account === account && leg.of === P ? total - leg.micros : total), 0);
  const post = (more: readonly Leg[]): void => {
    expect(isBalanced(more)).toBe(true);
    legs.push(...more);
  };
  for (const [what, micros, pick] of all) {
    if (what <= 2) {
      post([
        { account: '1100', of: 'co_a', micros },
        { account: '2100', of: P, micros: -micros },
      ]);
      sum.earned += micros;
    } else if (what === 3) {
      post(held('2100', '2110', micros));
      open.push(micros);
    } else if (what === 4 && open.length > 0) {
      const [disputed = 0] = open.splice(pick % open.length, 1);
      const back = Math.floor((disputed * (pick % 11)) / 10);
      post([...lost('2110', back), ...held('2110', '2100', disputed - back)].filter((leg) => leg.micros !== 0));
      sum.accepted += back;
    } else if (what === 5) {
      const { amountMicros } = settlementOf(of('2100'), micros - (micros % 10_000));
      post(payoutLegs(P, amountMicros));
      if (pick % 4 === 0) post(payoutFailedLegs(P, amountMicros));
      else if (amountMicros > 0) {
        post(transferLegs('1310', P, amountMicros));
        transfers.unshift({ transfer: `${transfers.length}`, leftMicros: amountMicros });
        sum.transferred += amountMicros;
      }
    } else if (what === 6) {
      for (const part of reversalsOf(clawbackOf(of('2100')), transfers)) {
        post(transferReversedLegs('1310', P, part.micros));
        const transfer = transfers.find((one) => one.transfer === part.transfer);
        if (transfer !== undefined) transfer.leftMicros -= part.micros;
        sum.reversed += part.micros;
      }
    } else if (what === 7 && of('2100') < 0) {
      const given = Math.min(micros, -of('2100'));
      post(debtGivenUpLegs(P, given));
      sum.givenUp += given;
    } else if (what === 8) {
      const tax = pick % 3 === 0 ? -Math.min(micros, Math.max(0, sum.tax)) : micros;
      post(providerTaxLegs(P, tax));
      sum.tax += tax;
    } else if (what === 9) {
      post(payoutLegs(P, Math.max(0, of('2100'))));
      // It stays on its way.
    }
  }
  return { sum, open, of, transfers };
}

describe('in memory, over lives of a provider', () => {
  it('earned less accepted, with tax and what was given up, is paid, payable, held or in transit; held is disputed', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { sum, open, of, transfers } = play(all);
        expect(sum.earned - sum.accepted + sum.tax + sum.givenUp).toBe(
          sum.transferred - sum.reversed + of('2100') + of('2110') + of('2120'),
        );
        expect(of('2110')).toBe(open.reduce((total, micros) => total + micros, 0));
        expect(transfers.reduce((total, { leftMicros }) => total + leftMicros, 0)).toBe(sum.transferred - sum.reversed);
        expect(transfers.every(({ leftMicros }) => leftMicros >= 0)).toBe(true);
      }),
      check,
    );
  });
});

/** Each has half a year of its own. */
const SEEDS = ENGINE_SEEDS.map((_, i) => i + 1);

describe('through the engine and the stand-in', () => {
  let world: PayWorld;
  beforeAll(async () => {
    world = await openPayWorld();
    await world.fund(100_000_000);
  });
  afterAll(() => world.stop());

  it.each(SEEDS)('seed %i: every payout is the sum of its lines, and nothing is paid twice or lost', async (seed) => {
    const roll = dice(seed);
    const upTo = (n: number): number => Math.floor(roll() * n);
    const start = Date.UTC(2026, 6 * seed, 1, 9);
    world.at(start);
    const companies = await Promise.all(['a', 'b'].map((name) => world.company(`${seed}${name}`)));
    const provider = await world.provider(`p${seed}`);
    const sum = { earned: 0, accepted: 0, givenUp: 0 };
    const charges: { request: string; company: string; micros: number; dispute: 'none' | 'open' | 'over' }[] = [];
    const first = monthOf(start);
    for (let step = 0, runs = 0; step < 40; step++) {
      world.at(start + step * 4 * DAY + upTo(1_000));
      const what = upTo(10);
      if (what <= 4) {
        const charge = {
          request: `${seed}-${step}`,
          company: companies[upTo(2)] ?? '',
          micros: 1 + upTo(3_000_000),
          dispute: 'none' as const,
        };
        await world.charge({ ...charge, provider, bidMicros: charge.micros, feeMicros: 0 });
        sum.earned += charge.micros;
        charges.push(charge);
      } else if (what <= 7) {
        const charge = charges[upTo(charges.length)];
        if (charge === undefined || charge.dispute === 'over') continue;
        const facts = { company: charge.company, provider, request: charge.request };
        const common = {
          currency: 'EUR' as const,
          company: charge.company,
          provider,
          facts,
          occurredAt: world.call().now,
        };
        const at = (account: '2100' | '2110', micros: number): Leg => ({ account, of: provider, micros });
        if (charge.dispute === 'none') {
          const legs = [at('2100', charge.micros), at('2110', -charge.micros)];
          await world.post({ ...common, event: `dispute-opened#${charge.request}`, kind: 'dispute_opened', legs });
          charge.dispute = 'open';
          continue;
        }
        const back = upTo(2) === 0 ? charge.micros : upTo(charge.micros + 1);
        const rest = charge.micros - back;
        const legs = [
          at('2110', charge.micros),
          at('2100', -rest),
          { account: '5300' as const, of: null, micros: -back },
        ];
        await world.post({
          ...common,
          event: `dispute-accepted#${charge.request}`,
          kind: 'dispute_accepted',
          legs: legs.filter(({ micros }) => micros !== 0),
        });
        sum.accepted += back;
        charge.dispute = 'over';
      } else {
        const over = monthOf(world.call().now - 32 * DAY);
        if (over >= first && endOf(over) < world.call().now) await world.close(over);
        const run = `r${seed}-${++runs}`;
        await makeRun(world.call(), run, 'maker');
        await workRun(world.call(), run);
        await approveRun(world.call(), run, 'approver');
        await workRun(world.call(), run);
      }
      if (what <= 7) continue;
      const balance = (account: string) => world.balance(provider, account, first);
      const [payable, disputed, transit, paid] = await Promise.all([
        balance('2100'),
        balance('2110'),
        balance('2120'),
        world.paid(provider),
      ]);
      expect(sum.earned - sum.accepted).toBe(paid + payable + disputed + transit);
      expect(disputed).toBe(charges.reduce((total, one) => (one.dispute === 'open' ? total + one.micros : total), 0));
    }
    const closed = await closedThrough(world.call());
    await foldBook(world.call(), provider, first, closed);
    expect(await owedInAll(world.call(), provider, 'EUR', closed, first)).toBe(
      await world.balance(provider, '2100', first),
    );
    for (const payout of (await listPayouts(world.call(), provider, { limit: 100 })).items) {
      let lines = 0;
      for await (const page of payoutLines(world.call(), payout))
        lines += page.reduce((total, { micros }) => total + micros, 0);
      expect(lines).toBe(payout.linesMicros);
      expect(payout.carriedInMicros + lines).toBe(payout.amountMicros + payout.carriedOutMicros);
    }
    expect(await world.paid(provider), 'something was paid').toBeGreaterThan(0);
    await world.unlist(provider);
  });
});
