/** Stripe for tests: the stand-in on a free port with a store of its own, the official SDK, and every switch at hand. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Stripe from 'stripe';
import type { Destination } from '../../infra/local/stripe/context.ts';
import { type StandIn, type StandInOptions, startStripe } from '../../infra/local/stripe/stripe.ts';
import type { Switches } from '../../infra/local/stripe/switches.ts';

export type TestStripe = {
  /** The SDK without repeats, so that a test sees each answer. */
  stripe: Stripe;
  standIn: StandIn;
  switches: Switches;
  /** What the market's runtime needs to make a client of its own. */
  access: { secretKey: string; standIn: { port: number } };
  clock: { now(): number };
  /** Moves the clock (ms) and works what has become due, webhooks included. */
  advance: (toMs: number) => Promise<void>;
  /** All snapshot events, the oldest first. */
  events: () => Promise<Stripe.Event[]>;
  stop: () => Promise<void>;
};
export type TestStripeOptions = {
  /** Standing; the first of January 2026 where left out. A clock of the test's own may stand in its place. */
  nowMs?: number;
  clock?: { now(): number };
  /** A file, for tests that stop and start; in memory where left out. */
  database?: string;
  destinations?: readonly Destination[];
  /** Makes the ids the same in every run. */
  seed?: string;
};

/** Where the requests of a run are written down, for those who replay them against another Stripe. */
export const RECORDING = 'PARLEY_STRIPE_RECORDING';
const START_MS = Date.UTC(2026, 0, 1);

export async function startTestStripe(options: TestStripeOptions = {}): Promise<TestStripe> {
  let nowMs = options.nowMs ?? START_MS;
  const clock = options.clock ?? { now: () => nowMs };
  const standIn = await startStripe({
    database: options.database ?? ':memory:',
    clock,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...recorder(),
  });
  if (options.destinations !== undefined) standIn.deliverTo(options.destinations);
  const { switches, key, port } = standIn;
  const stripe = testClient(key, port);
  return {
    stripe,
    standIn,
    switches,
    access: { secretKey: key, standIn: { port } },
    clock,
    advance: async (toMs) => {
      nowMs = toMs;
      switches.tick();
      await switches.settled();
    },
    events: async () => {
      const found: Stripe.Event[] = [];
      for await (const event of stripe.events.list({ limit: 100 })) found.push(event);
      return found.reverse();
    },
    stop: standIn.stop,
  };
}

/** A client as the market makes it, but without repeats. */
export const testClient = (key: string, port: number): Stripe =>
  new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 });

export type Recorded = {
  method: string;
  path: string;
  query: string;
  body: string;
  status: number;
  /** Of the error; null where there was none. */
  type: string | null;
};

/** Writes down what is asked and how it is answered, where the environment names a folder. */
function recorder(): Pick<StandInOptions, 'observe'> {
  const folder = process.env[RECORDING];
  if (folder === undefined) return {};
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${process.pid}.ndjson`);
  return {
    observe: ({ method, path, query, body }, { status, body: answered }) => {
      const { error } = JSON.parse(answered) as { error?: { type?: string } };
      const recorded: Recorded = { method, path, query, body, status, type: error?.type ?? null };
      appendFileSync(file, `${JSON.stringify(recorded)}\n`);
    },
  };
}
