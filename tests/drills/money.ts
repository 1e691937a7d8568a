/**
 * A month's money as a drill needs it: companies with charges, the real schedule and consumers over the engine and the
 * stand-in for Stripe. What fails is kept, as AWS would count it, and nobody's work stops because of it.
 */
import { handler as stripeIn } from '../../functions/queue/stripe-in.ts';
import { handler as stripeOut } from '../../functions/queue/stripe-out.ts';
import { handler as scheduleFinance } from '../../functions/schedule/finance.ts';
import type { AlarmName } from '../../infra/alarms.ts';
import { queues } from '../../infra/topology.ts';
import { approveClose, readClose, startClose } from '../../shared/close/close.store.ts';
import { MINUTE } from '../../shared/kernel/time.ts';
import { chargeEvent, post } from '../../shared/ledger/ledger.store.ts';
import { chargeLegs } from '../../shared/ledger/postings/charge.ts';
import { COMPANIES, PROVIDERS, settleIn, type TestQueue } from '../simulation/money/parties.ts';
import { Weather } from '../simulation/money/weather.ts';
import { MoneyWorld } from '../simulation/money/world.ts';
import type { TestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';
import { type Copy, copyOf, restoredFrom } from './copy.ts';
import { ringing } from './ringing.ts';

type Message = { queue: 'stripe-in' | 'stripe-out'; body: unknown; receives: number };
/** Both are charged in USD and pay by cards. */
export const [ADA, BEA] = COMPANIES.map(({ id }) => id) as [string, string];
export const PROVIDER = PROVIDERS[0];
export const JANUARY = '2026-01';

export class DrillMoney {
  private mailbox: Message[] = [];
  private readonly others: TestTables[] = [];
  private requests = 0;
  private queue: TestQueue | undefined;
  /** Messages that failed as often as their queue allows: `dead-letters`. */
  readonly dead: unknown[] = [];
  /** Runs of the schedule that ended in an error: `functions-fail`. */
  readonly failedRuns: unknown[] = [];
  readonly world: MoneyWorld;

  private constructor(world: MoneyWorld) {
    this.world = world;
    Object.assign(world.edge.runtime, {
      send: async (queue: string, bodies: unknown[]) => {
        if (queue === 'stripe-in' || queue === 'stripe-out')
          this.mailbox.push(...bodies.map((body) => ({ queue, body, receives: 0 }) as const));
      },
    });
  }

  static async open(seed: number): Promise<DrillMoney> {
    const drill = new DrillMoney(await MoneyWorld.open(seed, new Weather(seed, new Map())));
    [drill.queue] = await settleIn(drill.world, 'none');
    await drill.pass(90);
    return drill;
  }

  async stop(): Promise<void> {
    await this.world.stop();
    for (const tables of this.others) await tables.stop();
  }

  get now(): number {
    return this.world.now;
  }

  /** A resolution of a company settles: so many micro-units, of which the provider gets nine tenths. */
  async charge(company: string, priceMicros: number): Promise<string> {
    const request = `${company}.${String(++this.requests).padStart(22, '0')}`;
    const bidMicros = Math.floor((priceMicros * 9) / 10);
    const rated = { priceMicros, bidMicros, feeMicros: priceMicros - bidMicros, poolMicros: 0 };
    const parties = { company, provider: PROVIDER, queue: this.queue?.id ?? '', round: 1 };
    await post(this.world.call(), {
      event: chargeEvent(request),
      kind: 'charge',
      occurredAt: this.now,
      currency: 'USD',
      company,
      provider: PROVIDER,
      legs: chargeLegs(rated, { ...parties, isRoundClosed: true }),
      facts: { ...parties, request, outcome: 'confirmed', route: 'slot', lease: 'l', ...rated },
    });
    return request;
  }

  /** Works every message once; those that fail wait for their next try, until they are dead. */
  async work(): Promise<void> {
    await this.world.test.switches.settled();
    const batch = this.mailbox.splice(0);
    for (const message of batch) {
      const handler = message.queue === 'stripe-in' ? stripeIn : stripeOut;
      const receives = message.receives + 1;
      const attributes = { ApproximateReceiveCount: String(receives) };
      const record = { messageId: 'm', body: JSON.stringify(message.body), attributes };
      const { batchItemFailures } = await handler({ Records: [record] } as never);
      if (batchItemFailures.length === 0) continue;
      if (receives >= queues[message.queue].maxReceives) this.dead.push(message.body);
      else this.mailbox.push({ ...message, receives });
    }
  }

  /** Moves the clock by minutes; then Stripe, the messages and the schedule do what became due. */
  async pass(...steps: number[]): Promise<void> {
    for (const minutes of steps) {
      this.world.edge.now += minutes * MINUTE;
      this.world.edge.machineNow += minutes * MINUTE;
      this.world.test.switches.tick();
      await this.work();
      await scheduleFinance().catch((error: unknown) => this.failedRuns.push(error));
      await this.work();
    }
  }

  async reach(instant: number): Promise<void> {
    await this.pass((instant - this.now) / MINUTE);
  }

  /** One person begins the close of January; it comes to where another one approves it. */
  async beginClose(): Promise<void> {
    must(await startClose(this.world.call(), 'maker', JANUARY));
    for (let step = 0; step < 8 && (await this.closeState()) !== 'approve'; step++) await this.pass(10);
  }

  async approveClose(): Promise<void> {
    must(await approveClose(this.world.call(), 'checker', JANUARY));
  }

  async closeState(): Promise<string | undefined> {
    return (await readClose(this.world.call(), JANUARY))?.state;
  }

  /** Stripe's invoices of a company that are not drafts: our id, cents, status. */
  async invoicesAtStripe(company: string): Promise<[string | undefined, number, string | null][]> {
    const { data } = await this.world.test.stripe.invoices.list({ limit: 100 });
    return data
      .filter(({ metadata }) => metadata?.parley?.startsWith(company))
      .map(({ metadata, total, status }) => [metadata?.parley, total, status]);
  }

  /** The alarms that ring by what was seen so far. */
  ringing(): AlarmName[] {
    const { dead, failedRuns, world } = this;
    return ringing({ lines: world.edge.lines, deadLetters: dead.length, failedRuns: failedRuns.length });
  }

  copy(): Promise<Copy> {
    return copyOf(this.world.edge.runtime.tables);
  }

  /** The market goes on with new tables that hold a copy, as after a restore; messages on their way are lost with the region. */
  async restore(copy: Copy): Promise<void> {
    const restored = await restoredFrom(copy);
    this.others.push(restored);
    this.world.edge.runtime.tables = restored.tables;
    this.mailbox = [];
  }
}
