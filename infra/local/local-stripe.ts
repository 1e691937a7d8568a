/**
 * Stripe as the marketplace of one machine has it: Stripe itself where `STRIPE_SECRET_KEY` is set, else the stand-in over
 * the data folder. The functions are told how to reach it, and nothing more.
 */
import * as z from 'zod';
import { type StripeOptions, StripeSecrets } from '../../shared/gateways/stripe-access.ts';
import { base64url } from '../../shared/kernel/hash.ts';
import type { Clock } from '../../shared/kernel/time.ts';
import { STRIPE_DESTINATIONS } from '../../shared/stripe-event/stripe-event.ts';
import { CannotStart } from './cannot-start.ts';
import type { DataFolder } from './data-folder.ts';
import type { Log } from './log.ts';
import type { Messages } from './scheduler.ts';
import type { Destination } from './stripe/context.ts';
import { type StandIn, startStripe } from './stripe/stripe.ts';

export type LocalStripe = {
  access: () => Promise<StripeOptions>;
  secrets: () => Promise<StripeSecrets>;
  /** Undefined where it is Stripe itself. */
  standIn: StandIn | undefined;
  /**
   * Webhooks go to the market at this address from now on, of these types (left out: as before, at first of all); null: it
   * takes none, and they wait.
   */
  marketIsAt: (baseUrl: string | null, types?: readonly string[]) => void;
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
  clock: Clock;
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
    standIn: undefined,
    marketIsAt: () => undefined,
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
  const stripe = await startStripe({
    database: folder.file(DATABASE),
    clock,
    key: kept.key,
    destinations: destinations(kept, null),
    log: (message, details) => log('warn', message, details as Record<string, unknown>),
  });
  let subscribed: readonly string[] | undefined;
  return {
    access: async () => ({ secretKey: kept.key, standIn: { port: stripe.port } }),
    secrets: async () => kept.webhooks,
    standIn: stripe,
    marketIsAt: (baseUrl, types = subscribed) => {
      subscribed = types;
      stripe.deliverTo(destinations(kept, baseUrl, types));
    },
    withWebhooks: (messages) => ({ settled: (deadlineMs) => settledWith(stripe, messages, deadlineMs) }),
    stop: stripe.stop,
  };
}

const destinations = (kept: z.infer<typeof Kept>, baseUrl: string | null, types?: readonly string[]): Destination[] =>
  STRIPE_DESTINATIONS.map((id) => ({
    ...(types === undefined ? {} : { types }),
    id,
    url: baseUrl === null ? null : `${baseUrl}${stripeWebhookPath(id)}`,
    secret: kept.webhooks[id]?.[0] ?? '',
  }));

async function settledWith(stripe: StandIn, messages: Messages, deadlineMs: number): Promise<boolean> {
  const { switches } = stripe;
  for (;;) {
    switches.tick();
    if (switches.hasDue() && !(await inTime(switches.settled(), deadlineMs))) return false;
    if (!(await messages.settled(deadlineMs))) return false;
    if (!switches.hasDue()) return true;
  }
}

/** False where the time (of `performance.now()`) is up first. */
async function inTime(work: Promise<void>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, deadlineMs - performance.now()));
  });
  const isDone = await Promise.race([work.then(() => true as const), late]);
  clearTimeout(timer);
  return isDone;
}

const randomText = (bytes: number): string => base64url(crypto.getRandomValues(new Uint8Array(bytes)));

function newSecrets(): z.infer<typeof Kept> {
  const webhooks = Object.fromEntries(STRIPE_DESTINATIONS.map((id) => [id, [`whsec_${randomText(24)}`]]));
  return { key: `sk_test_${randomText(24)}`, webhooks: StripeSecrets.parse(webhooks) };
}
