/**
 * A market's money from charges to providers' pay: the real stores, handlers and sweeps over the bundled engine, the stand-in
 * for Stripe behind HTTP, and a clock that moves in the same steps whatever goes wrong.
 */
import type Stripe from 'stripe';
import { sweepFinance } from '../../../functions/finance.ts';
import { handler as stripeIn } from '../../../functions/queue/stripe-in.ts';
import { handler as stripeOut } from '../../../functions/queue/stripe-out.ts';
import { hurrier, provideRuntime } from '../../../functions/runtime.ts';
import { stripeOf } from '../../../functions/stripe.ts';
import type { Destination } from '../../../infra/local/stripe/context.ts';
import type { Currency } from '../../../shared/kernel/money.ts';
import type { TableConfig } from '../../../shared/kernel/table.ts';
import { MINUTE } from '../../../shared/kernel/time.ts';
import { stepDueRounds } from '../../../shared/round/step.store.ts';
import type { StripeCall } from '../../../shared/stripe-call/stripe-call.store.ts';
import { beginSweeps } from '../../../shared/stripe-event/stripe-event.store.ts';
import { STRIPE_DESTINATIONS } from '../../../shared/stripe-event/stripe-event.ts';
import { secretOf, takeIn } from '../../support/cash.ts';
import { TestEdge } from '../../support/edge.ts';
import { startTestTables, type TestTables } from '../../support/engine.ts';
import { startTestStripe, type TestStripe } from '../../support/stripe.ts';
import { CALM_FROM, type Weather } from './weather.ts';

export const START = Date.UTC(2026, 0, 1, 0, 30);
/** Who waits for longer than this for something that never comes has found a bug. */
const MOST_TURNS = 60;

type Waiting = { queue: 'stripe-in' | 'stripe-out'; body: Record<string, unknown> };

export class MoneyWorld {
  readonly engine: TestTables;
  readonly edge: TestEdge;
  readonly test: TestStripe;
  readonly weather: Weather;
  stripe: Stripe;
  /** Messages that nobody has worked yet. */
  private mailbox: Waiting[] = [];
  private serial = 0;
  private readonly endServer: () => Promise<void>;

  private constructor(parts: Pick<MoneyWorld, 'engine' | 'edge' | 'test' | 'weather'>, endServer: () => Promise<void>) {
    this.engine = parts.engine;
    this.edge = parts.edge;
    this.test = parts.test;
    this.weather = parts.weather;
    this.stripe = parts.test.stripe;
    this.endServer = endServer;
  }

  static async open(seed: number, weather: Weather): Promise<MoneyWorld> {
    const engine = await startTestTables();
    const edge = new TestEdge(engine.tables);
    edge.now = START;
    const server = await takeIn(edge);
    const destinations = STRIPE_DESTINATIONS.map(
      (id): Destination => ({ id, url: `${server.url}/v1/stripe/${id}`, secret: secretOf(id) }),
    );
    const test = await startTestStripe({ clock: { now: () => edge.now }, destinations, seed: `money-${seed}` });
    const world = new MoneyWorld({ engine, edge, test, weather }, server.stop);
    Object.assign(edge.runtime, {
      stripeAccess: async () => test.access,
      stripeSecrets: async () => Object.fromEntries(STRIPE_DESTINATIONS.map((id) => [id, [secretOf(id)]])),
      send: async (queue: string, bodies: Record<string, unknown>[]) => {
        if (queue === 'stripe-in' || queue === 'stripe-out')
          world.mailbox.push(...bodies.map((body) => ({ queue, body }) as const));
      },
    });
    world.stripe = await stripeOf(edge.runtime);
    // The SDK's own repeats need not wait here.
    Object.assign(world.stripe, { getInitialNetworkRetryDelay: () => 0, getMaxNetworkRetryDelay: () => 0 });
    test.switches.webhooks(weather.webhook);
    test.switches.faults(weather.request);
    world.restart();
    await beginSweeps(world.call());
    return world;
  }

  async stop(): Promise<void> {
    await this.test.stop();
    await this.endServer();
    await this.engine.stop();
  }

  /** A new process, with caches of its own. */
  private restart(): void {
    this.edge.runtime.tables = this.weather.tablesOver(this.engine.tables.owner as TableConfig);
    provideRuntime(this.edge.runtime);
  }

  get now(): number {
    return this.edge.now;
  }

  /** A call of the process that runs now. */
  call(): StripeCall {
    const { runtime } = this.edge;
    return { tables: runtime.tables, now: this.now, hurry: hurrier(runtime), stripe: this.stripe };
  }

  /** A call of nobody's process, for those who look on. */
  looking(): StripeCall {
    return { tables: this.engine.tables, now: this.now, stripe: this.test.stripe };
  }

  /** Does something as often as it takes: whoever asked, asks again. The last try meets no faults. */
  async insist<T>(kind: string, work: (call: StripeCall) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      let answer: { value: T } | undefined;
      try {
        await this.weather.run(kind, attempt, async () => {
          answer = { value: await work(this.call()) };
        });
      } catch (error) {
        // What Stripe failed at may be thrown.
        if (!this.weather.isOn || attempt >= CALM_FROM) throw error;
        answer = undefined;
      }
      if (answer !== undefined && !isRetryable(answer.value)) return answer.value;
      if (attempt >= CALM_FROM) throw new Error(`${kind} does not come to an end: ${JSON.stringify(answer?.value)}`);
      this.restart();
    }
  }

  /** Delivers what Stripe has to tell, and works all messages, until nothing is left. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      // What was held back in the last turn comes now, beside what is new.
      this.test.switches.release(this.weather.shuffled);
      await this.test.switches.settled();
      const batch = this.weather.shuffled(this.mailbox.splice(0));
      if (batch.length === 0) return;
      for (const message of batch) await this.consume(message);
    }
    throw new Error('messages never end');
  }

  /** As the queue does: what failed comes again. */
  private async consume({ queue, body }: Waiting): Promise<void> {
    const handler = queue === 'stripe-in' ? stripeIn : stripeOut;
    const kind = queue === 'stripe-in' ? 'event' : kindOf(String(body.kind));
    await this.insist(kind, async () => {
      const record = { messageId: `m${++this.serial}`, body: JSON.stringify(body), attributes: {} };
      const before = this.edge.lines.length;
      const { batchItemFailures } = await handler({ Records: [record] } as never);
      if (batchItemFailures.length === 0) return;
      throw new Error(`a message failed: ${JSON.stringify([body, this.edge.lines.slice(before)])}`);
    });
  }

  /** The schedules of money and of rounds, as they run every few minutes. */
  async sweep(kind = 'sweep'): Promise<void> {
    await this.insist(kind, () => sweepFinance(this.edge.runtime, this.now));
    await this.insist('rounds', (call) => stepDueRounds(call, async () => undefined));
    await this.settle();
  }

  /** Moves the clock, and works what became due: at Stripe first, then here. */
  async advance(to: number, kind?: string): Promise<void> {
    if (to < this.now) throw new Error('time goes on');
    this.edge.now = to;
    this.test.switches.tick();
    await this.settle();
    await this.sweep(kind);
  }

  /** Time passes in steps of minutes. */
  async pass(steps: readonly number[], kind?: string): Promise<void> {
    for (const minutes of steps) await this.advance(this.now + minutes * MINUTE, kind);
  }

  /** Nothing goes wrong while all that is left is done; a night passes, so that what was lost is found. */
  async calm(): Promise<void> {
    this.weather.isOn = false;
    this.restart();
    await this.pass([90, 25 * 60, 65]);
  }

  async balanceAtStripe(currency: Currency): Promise<{ available: number; pending: number }> {
    const balance = await this.test.stripe.balance.retrieve();
    const of = (part: { amount: number; currency: string }[]) =>
      part.find((one) => one.currency === currency.toLowerCase())?.amount ?? 0;
    return { available: of(balance.available), pending: of(balance.pending) };
  }
}

const kindOf = (message: string): string =>
  message === 'invoice' ? 'close-invoice' : message === 'payout' ? 'payout-run' : message;

const isRetryable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'ok' in value && value.ok === false && 'retryable' in value
    ? value.retryable === true
    : false;
