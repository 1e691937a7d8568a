/** What differs between stages: one name, and what follows from it. */
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';

export type Stage = {
  /** Part of every deployed name, such as `parley-dev-market`. */
  name: string;
  logRetention: RetentionDays;
  /** What the HTTP API lets through, in calls per second and at once; above it answers 429. */
  calls: { perSecond: number; burst: number };
};

/** `local` is the name on one machine; no deployed stage takes it. */
const STAGE_NAME = /^(?!local$)[a-z][a-z0-9]{1,11}$/;
const PRODUCTION = 'prod';

/** The stage that the context names, `dev` where it names none. Throws where the name cannot be part of other names. */
export function stageOf(node: Node): Stage {
  const name: unknown = node.tryGetContext('stage') ?? 'dev';
  if (typeof name !== 'string' || !STAGE_NAME.test(name))
    throw new Error(
      `the stage '${String(name)}' must be 2 to 12 lower-case letters and digits, a letter first, and not 'local': -c stage=dev`,
    );
  return name === PRODUCTION
    ? { name, logRetention: RetentionDays.THREE_MONTHS, calls: { perSecond: 10_000, burst: 5_000 } }
    : { name, logRetention: RetentionDays.TWO_WEEKS, calls: { perSecond: 200, burst: 100 } };
}

/** Where the stage's signing key lies in the Parameter Store: a SecureString that a person puts there before the first deploy. */
export const signingKeyParameter = (stage: string): string => `/parley/${stage}/signing-key`;

/** Where the keys of the stage's receipts lie, made and followed by `npm run rotate-receipt-key`. */
export const receiptKeysParameter = (stage: string): string => `/parley/${stage}/receipt-keys`;

/** Where the key of Stripe lies, and the secrets of its four webhook destinations (JSON): a person puts both there before the first deploy. */
export const stripeParameter = (stage: string, what: 'calls' | 'events'): string =>
  `/parley/${stage}/${what === 'calls' ? 'stripe-key' : 'stripe-webhook-secrets'}`;
