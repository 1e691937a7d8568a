/** What differs between stages: one name, and what follows from it. */
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';

export type Stage = {
  /** Part of every deployed name, such as `parley-dev-market`. */
  name: string;
  logRetention: RetentionDays;
  /** The origin of the web app, without a slash at its end: people come back to it from where they sign in. */
  siteUrl: string;
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
  const siteUrl = siteOf(node);
  return name === PRODUCTION
    ? { name, siteUrl, logRetention: RetentionDays.THREE_MONTHS, calls: { perSecond: 10_000, burst: 5_000 } }
    : { name, siteUrl, logRetention: RetentionDays.TWO_WEEKS, calls: { perSecond: 200, burst: 100 } };
}

/** Where `npm run dev:web` serves the app: the one address without TLS that the user pool leads back to. */
const DEVELOPMENT_SITE = 'http://localhost:5173';
const SITE = /^(?:https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+|http:\/\/localhost:\d{2,5})$/;

/**
 * The site that the context names: `-c domain=market.example.com`, or `-c siteUrl=https://d111.cloudfront.net` where there is no domain
 * and the distribution's own name is known. Without either, a browser on the developer's machine.
 */
function siteOf(node: Node): string {
  const domain: unknown = node.tryGetContext('domain');
  const given: unknown =
    node.tryGetContext('siteUrl') ?? (typeof domain === 'string' ? `https://${domain}` : DEVELOPMENT_SITE);
  if (typeof given !== 'string' || !SITE.test(given))
    throw new Error(
      `the site '${String(given)}' must be an origin: -c domain=market.example.com, or -c siteUrl=https://…`,
    );
  return given;
}

/** Where the stage's signing key lies in the Parameter Store: a SecureString that a person puts there before the first deploy. */
export const signingKeyParameter = (stage: string): string => `/parley/${stage}/signing-key`;

/** Where the keys of the stage's receipts lie, made and followed by `npm run rotate-receipt-key`. */
export const receiptKeysParameter = (stage: string): string => `/parley/${stage}/receipt-keys`;

/** Where the key of Stripe lies, and the secrets of its four webhook destinations (JSON): a person puts both there before the first deploy. */
export const stripeParameter = (stage: string, what: 'calls' | 'events'): string =>
  `/parley/${stage}/${what === 'calls' ? 'stripe-key' : 'stripe-webhook-secrets'}`;
