/** The months of a market: days on which things happen, the close of each month and round, and the pay of its providers. */
import { approveClose, readClose, startClose } from '../../../shared/close/close.store.ts';
import type { Currency } from '../../../shared/kernel/money.ts';
import { HOUR, MINUTE, monthOf } from '../../../shared/kernel/time.ts';
import { type TrialBalance, trialBalance } from '../../../shared/ledger/trial-balance.store.ts';
import { approveRun, makeRun, readRun } from '../../../shared/payout/run.store.ts';
import { readRound } from '../../../shared/queue/queue.store.ts';
import { dice } from '../../support/dice.ts';
import { must } from '../../support/round.ts';
import { charges, type Day, happen } from './business.ts';
import { unbilledIsCarried } from './checks.ts';
import { settleIn, type TestQueue } from './parties.ts';
import { beginRound, endRound } from './rounds.ts';
import { balancesOf, readStanding, type Standing } from './standing.ts';
import { Weather } from './weather.ts';
import { MoneyWorld } from './world.ts';

/** Days of a month on which things happen. */
const DAYS = [5, 8, 12, 18];
/** In a month that is not busy nothing is charged: disputes, payments and chargebacks go on. */
export type Month = { days: readonly number[]; isBusy: boolean; pays: boolean; closes: boolean };
/** So many months of business, and two more until providers are paid for the last of them. */
export const monthsOf = (busy: number): Month[] => [
  ...Array.from({ length: busy }, () => ({ days: DAYS, isBusy: true, pays: true, closes: true })),
  { days: DAYS, isBusy: false, pays: true, closes: true },
  { days: [], isBusy: false, pays: true, closes: true },
];
/** One close and one payout run, for the sample in `npm test`. */
export const BRIEF: readonly Month[] = [
  { days: [5, 8], isBusy: true, pays: false, closes: true },
  { days: [11], isBusy: false, pays: false, closes: false },
  { days: [], isBusy: false, pays: true, closes: false },
];
const PAY_DAY = 24;
const CURRENCIES: readonly Currency[] = ['USD', 'EUR'];

/** A point at which both runs must stand the same. */
export type Point = { name: string; balances: Map<string, number> };
export type Lived = {
  world: MoneyWorld;
  standing: Standing;
  queues: readonly TestQueue[];
  points: Point[];
  happened: Map<string, number>;
  closed: { period: string; balances: TrialBalance[] }[];
};

/** Lives one history; `isFaulty` says whether things go wrong on the way. The caller stops the world. */
export async function live(
  seed: number,
  { months, events, isFaulty }: { months: readonly Month[]; events: number; isFaulty: boolean },
  longest: Map<string, number>,
  expected?: readonly Point[],
): Promise<Lived> {
  const weather = new Weather(seed, longest);
  const world = await MoneyWorld.open(seed, weather);
  try {
    const life = new Life(world, { seed, months, isFaulty }, expected);
    return await life.run(events);
  } catch (error) {
    await world.stop();
    throw error;
  }
}

const at = (month: number, day: number, hour = 9): number => Date.UTC(2026, month - 1, day, hour);

class Life {
  private readonly world: MoneyWorld;
  private readonly months: readonly Month[];
  private readonly isFaulty: boolean;
  private readonly roll: () => number;
  private readonly expected: readonly Point[] | undefined;
  private readonly points: Point[] = [];
  private readonly happened = new Map<string, number>();
  private readonly closed: Lived['closed'] = [];
  private queues: TestQueue[] = [];
  private names = 0;

  constructor(
    world: MoneyWorld,
    of: { seed: number; months: readonly Month[]; isFaulty: boolean },
    expected: readonly Point[] | undefined,
  ) {
    this.world = world;
    this.months = of.months;
    this.isFaulty = of.isFaulty;
    this.expected = expected;
    this.roll = dice(of.seed);
  }

  private upTo = (n: number): number => Math.floor(this.roll() * n);

  async run(events: number): Promise<Lived> {
    const { world } = this;
    this.queues = await settleIn(world, this.upTo(2) === 0 ? 'none' : 'automatic');
    await this.calm();
    const perDay = Math.ceil(events / this.months.flatMap(({ days }) => days).length);
    for (const [place, { days, isBusy, pays, closes }] of this.months.entries()) {
      const month = place + 1;
      if (isBusy)
        for (const queue of this.queues)
          await beginRound(world, queue, month, { startsAt: at(month, 1), endsAt: at(month + 1, 1), draw: this.upTo });
      for (const day of days) await this.day(month, day, { events: perDay, isBusy });
      if (isBusy) await this.closeRounds(month);
      if (pays) await this.pay(month);
      if (closes) await this.close(month);
    }
    await world.advance(at(this.months.length + 1, 8));
    await this.calm();
    const standing = await readStanding(world);
    this.compare('the end', standing);
    const { points, happened, closed, queues } = this;
    return { world, standing, queues, points, happened, closed };
  }

  private async calm(): Promise<void> {
    await this.world.calm();
  }

  private blow(): void {
    this.world.weather.isOn = this.isFaulty;
  }

  /** Notes how all stands; where that is known from the clean run, a difference is found where it arose. */
  private compare(name: string, { entries }: Standing): void {
    const balances = balancesOf(entries);
    const other = this.expected?.[this.points.length];
    this.points.push({ name, balances });
    if (other === undefined) return;
    const differs = [...new Set([...balances.keys(), ...other.balances.keys()])]
      .filter((key) => balances.get(key) !== other.balances.get(key))
      .map((key) => `${key}: ${other.balances.get(key) ?? 0} clean, ${balances.get(key) ?? 0} with faults`);
    if (differs.length > 0) throw new Error(`after ${name} the balances differ:\n${differs.join('\n')}`);
  }

  private async day(
    month: number,
    day: number,
    { events, isBusy }: { events: number; isBusy: boolean },
  ): Promise<void> {
    const { world, upTo } = this;
    await world.advance(at(month, day));
    const standing = await readStanding(world);
    const about: Day = {
      world,
      queues: this.queues,
      month,
      upTo,
      standing,
      touched: new Set<string>(),
      name: () => `n${++this.names}`,
    };
    this.blow();
    for (let event = 0; event < events; event++) {
      const name = isBusy && event === 0 ? ((await charges(about)) ? 'charges' : null) : await this.one(about, isBusy);
      if (name !== null) this.happened.set(name, (this.happened.get(name) ?? 0) + 1);
    }
    await world.pass([5, 65]);
    await this.calm();
    this.compare(`${month}-${day}`, await readStanding(world));
  }

  /** What happens; once business is over, no more charges. */
  private async one(about: Day, isBusy: boolean): Promise<string | null> {
    if (isBusy) return happen(about);
    return happen({ ...about, queues: [] });
  }

  private async closeRounds(month: number): Promise<void> {
    const { world } = this;
    const { charges: all } = await readStanding(world);
    for (const queue of this.queues) {
      const own = all.filter(({ facts }) => facts.queue === queue.id && facts.round === month);
      await endRound(world, queue, month, own);
    }
    this.blow();
    await world.sweep();
    world.weather.isOn = false;
    await world.pass([10]);
    for (const { id } of this.queues) {
      const round = await readRound(world.engine.tables, id, month, { consistent: true });
      if (round?.state !== 'closed') throw new Error(`round ${month} of ${id} is ${round?.state}`);
    }
  }

  /** One person makes a payout run, another approves it; it is worked by messages and sweeps. */
  private async pay(month: number): Promise<void> {
    const { world } = this;
    await world.advance(at(month, PAY_DAY));
    const run = `pay-${month}`;
    this.blow();
    await world.insist('payout-make', (call) => makeRun(call, run, 'maker'));
    await world.settle();
    for (let wait = 0; (await readRun(world.looking(), run))?.state === 'collecting'; wait++) {
      if (wait > 10) throw new Error('the payout run is never proposed');
      await world.sweep('payout-sweep');
    }
    const made = await readRun(world.looking(), run);
    if (made?.state === 'proposed')
      must(await world.insist('payout-approve', (call) => approveRun(call, run, 'checker')));
    await world.settle();
    await world.pass([5, 65], 'payout-sweep');
    await this.calm();
    if ((await readRun(world.looking(), run))?.state === 'proposed') throw new Error(`the run ${run} was not paid`);
    this.compare(`pay ${month}`, await readStanding(world));
    if (made?.state === 'proposed') this.happened.set('payout run', (this.happened.get('payout run') ?? 0) + 1);
  }

  /** A month is closed: begun by one person, approved by another, over all that goes wrong. */
  private async close(month: number): Promise<void> {
    const { world } = this;
    const period = monthOf(at(month, 2));
    await world.advance(at(month + 1, 1, 4));
    const startedAt = world.now;
    this.blow();
    must(await world.insist('close-start', (call) => startClose(call, 'maker', period)));
    for (let step = 0; step < 8; step++) {
      await world.advance(world.now + 10 * MINUTE, 'close-sweep');
      const close = await readClose(world.looking(), period);
      if (close?.state === 'approve')
        must(await world.insist('close-approve', (call) => approveClose(call, 'checker', period)));
    }
    await world.advance(startedAt + 3 * HOUR, 'close-sweep');
    await this.calm();
    const close = await readClose(world.looking(), period);
    if (close?.state !== 'done')
      throw new Error(`the close of ${period} is at ${JSON.stringify([close?.state, close?.steps])}`);
    const balances: TrialBalance[] = [];
    for (const currency of CURRENCIES) balances.push(must(await trialBalance(world.looking(), period, currency)));
    this.closed.push({ period, balances });
    const standing = await readStanding(world);
    this.compare(`close ${period}`, standing);
    unbilledIsCarried(standing, period);
    this.happened.set('close', (this.happened.get('close') ?? 0) + 1);
  }
}
