/** What every handler needs from outside: tables, the market clock, queues, keys. One per process. */

import type { CallLimits } from '../shared/call-limit/call-limit.ts';
import type { DeadLetters } from '../shared/gateways/dead-letters.ts';
import type { Mail } from '../shared/gateways/mail.ts';
import type { StripeOptions, StripeSecrets } from '../shared/gateways/stripe-access.ts';
import type { WebhookGateway } from '../shared/gateways/webhooks.ts';
import type { TokenClaims } from '../shared/identity/identity.ts';
import type { Call } from '../shared/kernel/call.ts';
import type { QueueName } from '../shared/kernel/message.ts';
import type { Result } from '../shared/kernel/result.ts';
import type { SigningKeys } from '../shared/kernel/sign.ts';
import type { Consumption, Tables } from '../shared/kernel/table.ts';
import type { Clock } from '../shared/kernel/time.ts';
import type { ReceiptKeys } from '../shared/receipt/keys.ts';
import type { Files } from '../shared/thread/attachment.ts';

export type Runtime = {
  tables: Tables;
  /** Business time. A handler reads it once per call. */
  clock: Clock;
  /** Sends messages; each body is JSON. A failed send never undoes a write: callers log and go on. */
  send(queue: QueueName, bodies: readonly unknown[]): Promise<void>;
  /** Messages that no consumer could work. */
  deadLetters: DeadLetters;
  /** Checks signature, issuer, expiry (machine time) and shape of a person's access token. */
  verifyToken(token: string): Promise<Result<TokenClaims, 'unauthenticated' | 'token_expired'>>;
  /** How many calls organisations may make; nobody is limited where it is left out. */
  callLimits?: CallLimits;
  /** The group of the user pool that people must be in to act for the market itself; none on one machine, whose issuer has no groups. */
  marketGroup?: string;
  /** The key under which cursors and customers' links are signed, and those before it that still open. */
  signingKey: SigningKeys;
  /** Calls organisations' endpoints, where the host wants another way than `webhooksOf`'s. */
  webhooks?: WebhookGateway;
  /** The keys that receipts are signed with; only the function of receipts may have them. */
  receiptKeys(): Promise<ReceiptKeys>;
  /** How Stripe is reached, or the stand-in; only functions that the topology lets call it have its key. See `stripeOf`. */
  stripeAccess(): Promise<StripeOptions>;
  /** The secrets of Stripe's webhooks; only the function that takes them in may have them. */
  stripeSecrets(): Promise<StripeSecrets>;
  /** The secrets that the edge may send with a call: two while one takes the other's place. None where there is no edge. */
  originSecrets?: () => Promise<readonly string[]>;
  mail: Mail;
  /** Where customers' pages are, such as `https://parley.example`; without a slash at its end. */
  siteUrl(): string;
  /** Where attachments are kept. */
  files: Files;
  /** Takes what one command consumed: a metric on AWS, a sum on one machine. */
  recordConsumption(command: string, consumed: Consumption): void;
  /** Structured log line; never with secrets or customers' words. */
  log(level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>): void;
};

/** Sends messages that only hurry what was written: one that cannot be sent is logged, and a sweep finds the work by key. */
export const hurrier =
  (runtime: Runtime): NonNullable<Call['hurry']> =>
  (queue, bodies) =>
    runtime.send(queue, bodies).catch((error: unknown) => {
      runtime.log('warn', 'a message was not sent; a sweep finds what it was about', { queue, error: String(error) });
    });

let current: Runtime | undefined;

/** The process's runtime, given once by its host: the runner on one machine, or `functions/aws.ts` in Lambda. */
export function provideRuntime(runtime: Runtime): void {
  current = runtime;
}

export function runtime(): Runtime {
  if (current === undefined) throw new Error('no runtime was provided to this process');
  return current;
}

let starting: Promise<void> | undefined;

/**
 * As `runtime()`; where no host provided one, this process is a Lambda and builds it from its environment. The import is
 * dynamic so that one machine never loads it.
 */
export async function readyRuntime(): Promise<Runtime> {
  if (current === undefined) {
    starting ??= import('./aws.ts').then(async (aws) => provideRuntime(await aws.runtimeFromEnvironment()));
    await starting.finally(() => {
      starting = undefined;
    });
  }
  return runtime();
}
