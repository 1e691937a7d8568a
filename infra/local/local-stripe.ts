/**
 * Stripe as the marketplace of one machine has it: Stripe itself where `STRIPE_SECRET_KEY` is set, else the stand-in over
 * the data folder. The functions are told how to reach it, and nothing more.
 */
import * as z from 'zod';
import { type StripeOptions, StripeSecrets } from '../../shared/gateways/stripe-access.ts';
import { base64url } from '../../shared/kernel/hash.ts';
import { STRIPE_DESTINATIONS } from '../../shared/stripe-event/stripe-event.ts';
import { CannotStart } from './cannot-start.ts';
import type { OpenClock } from './clock.ts';
import { LOOPBACK } from './connection.ts';
import type { DataFolder } from './data-folder.ts';
import type { Log } from './log.ts';
import type { Messages } from './scheduler.ts';
import type { Destination } from './stripe/context.ts';
import type { StripeThread, StripeThreadData } from './stripe-thread.ts';
import { startThread } from './thread.ts';

export type LocalStripe = {
  access: () => Promise<StripeOptions>;
  secrets: () => Promise<StripeSecrets>;
  /** Where the stand-in's pages are; null where it is Stripe itself, which knows real time only. */
  standInUrl: string | null;
  /** Settles, with the reason, when the stand-in ends unasked. */
  lost: Promise<string>;
  /**
   * Webhooks go to the market at this address from now on, of these types (left out: as before, at first of all); null: it
   * takes none, and they wait.
   */
  marketIsAt: (baseUrl: string | null, types?: readonly string[]) => Promise<void>;
  /** Messages are settled only once what the stand-in had to tell was told, and what that sent has settled too. */
  withWebhooks: (messages: Messages) => Messages;
  stop: () => Promise<void>;
};

/** The webhooks of a destination arrive here. */
export const stripeWebhookPath = (destination: string): string => `/v1/stripe/${destination}`;

const KEY = 'STRIPE_SECRET_KEY';
const SECRETS = 'STRIPE_WEBHOOK_SECRETS';
const FILE = 'stripe.secrets.json';
const DATABASE = 'stripe.sqlite';
const Kept = z.object({ key: z.string(), webhooks: StripeSecrets });

type Parts = {
  folder: Pick<DataFolder, 'file' | 'readJson' | 'writeJson'>;
  clock: Pick<OpenClock, 'shared'>;
  log: Log;
  environment?: NodeJS.ProcessEnv;
};

/** Whether the environment names Stripe itself; the market clock is then real time. */
export const isRealStripe = (environment: NodeJS.ProcessEnv = process.env): boolean => (environment[KEY] ?? '') !== '';

/** Reads how Stripe is reached, and starts the stand-in where it is not Stripe itself. */
export async function openStripe(parts: Parts): Promise<LocalStripe> {
  const environment = parts.environment ?? process.env;
  return isRealStripe(environment) ? stripeItself(environment) : standIn(parts);
}

function stripeItself(environment: NodeJS.ProcessEnv): LocalStripe {
  const secretKey = environment[KEY] ?? '';
  const given = environment[SECRETS];
  const secrets = given === undefined ? undefined : StripeSecrets.safeParse(jsonOf(given));
  if (secrets?.success === false)
    throw new CannotStart(
      `${SECRETS} must be JSON with lists of secrets by destination, such as {"snapshot-platform": ["whsec_…"]}; the destinations are ${STRIPE_DESTINATIONS.join(', ')}.`,
    );
  return {
    access: async () => ({ secretKey }),
    secrets: async () => {
      if (secrets !== undefined) return secrets.data;
      throw new Error(`${KEY} is set and ${SECRETS} is not: webhooks of Stripe cannot be verified`);
    },
    standInUrl: null,
    lost: new Promise(() => undefined),
    marketIsAt: async () => undefined,
    withWebhooks: (messages) => messages,
    stop: async () => undefined,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function standIn({ folder, clock, log }: Parts): Promise<LocalStripe> {
  const kept = folder.readJson(FILE, Kept) ?? newSecrets();
  folder.writeJson(FILE, kept, { mode: 0o600, flush: true });
  const data: StripeThreadData = {
    database: folder.file(DATABASE),
    key: kept.key,
    time: clock.shared,
    destinations: destinations(kept, null),
  };
  const thread = startThread<StripeThread>(new URL('./stripe-thread.ts', import.meta.url), data, {
    log: (message, details) => log('warn', message, { ...details }),
  });
  const port = await thread.ask.port().catch(async (error: unknown) => {
    await thread.stop();
    throw new CannotStart(
      `The stand-in for Stripe did not start: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  let subscribed: readonly string[] | undefined;
  return {
    access: async () => ({ secretKey: kept.key, standIn: { port } }),
    secrets: async () => kept.webhooks,
    standInUrl: `http://${LOOPBACK}:${port}`,
    lost: thread.lost,
    marketIsAt: async (baseUrl, types = subscribed) => {
      subscribed = types;
      await thread.ask.deliverTo(destinations(kept, baseUrl, types));
    },
    withWebhooks: (messages) => ({ settled: (deadlineMs) => settledWith(thread.ask, messages, deadlineMs) }),
    stop: thread.stop,
  };
}

const destinations = (kept: z.infer<typeof Kept>, baseUrl: string | null, types?: readonly string[]): Destination[] =>
  STRIPE_DESTINATIONS.map((id) => ({
    ...(types === undefined ? {} : { types }),
    id,
    url: baseUrl === null ? null : `${baseUrl}${stripeWebhookPath(id)}`,
    secret: kept.webhooks[id]?.[0] ?? '',
  }));

type Told = { tell: (leftMs: number) => Promise<boolean>; hasDue: () => Promise<boolean> };

async function settledWith(stripe: Told, messages: Messages, deadlineMs: number): Promise<boolean> {
  for (;;) {
    if (!(await stripe.tell(deadlineMs - performance.now()))) return false;
    if (!(await messages.settled(deadlineMs))) return false;
    if (!(await stripe.hasDue())) return true;
  }
}

const randomText = (bytes: number): string => base64url(crypto.getRandomValues(new Uint8Array(bytes)));

function newSecrets(): z.infer<typeof Kept> {
  const webhooks = Object.fromEntries(STRIPE_DESTINATIONS.map((id) => [id, [`whsec_${randomText(24)}`]]));
  return { key: `sk_test_${randomText(24)}`, webhooks: StripeSecrets.parse(webhooks) };
}
