/** What differs between stages: a name, what follows from it, and what the context says of the place it runs in. */
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import * as z from 'zod';

/** `local` is the name on one machine; no deployed stage takes it. */
const StageName = z.string().regex(/^(?!local$)[a-z][a-z0-9]{1,11}$/);
const DomainName = z.string().regex(/^(?=.{4,190}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/);
const PRODUCTION = 'prod';

/**
 * What a stage may be told: in `cdk.json` under `stages.<name>`, or for once with `-c key=value`, which wins.
 * `domain` needs `zoneId` (its DNS lies with Route 53, in the zone `zoneName` or its own) or `certificateArn` (in us-east-1).
 */
const Settings = z
  .strictObject({
    /** Where state and service run. The edge is always in us-east-1, as CloudFront demands. */
    region: z
      .string()
      .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/)
      .default('us-east-1'),
    /** The name that people and programs use, such as `parley.example`. */
    domain: DomainName.optional(),
    zoneId: z.string().optional(),
    zoneName: DomainName.optional(),
    certificateArn: z
      .string()
      .startsWith('arn:aws:acm:us-east-1:', 'must be of us-east-1, where CloudFront takes certificates from')
      .optional(),
    /** Where a stage without a domain is found: CloudFront's name, known once the edge has been deployed. */
    siteUrl: z
      .string()
      .regex(
        /^(?:https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+|http:\/\/localhost:\d{2,5})$/,
        'must be an origin, such as https://market.example.com',
      )
      .optional(),
    /** Who is told when an alarm rings. */
    alarmEmail: z.email().optional(),
    /** `off` takes new code live at once, whatever rings: for a repair while an alarm does. */
    canary: z.enum(['on', 'off']).optional(),
    /** The version of the origin's secret that the edge sends; without it the newest when the edge was last changed. */
    originVersion: z
      .string()
      .regex(/^[\w-]{32,64}$/)
      .optional(),
  })
  .refine((one) => one.domain === undefined || one.zoneId !== undefined || one.certificateArn !== undefined, {
    message: 'a domain needs zoneId, or certificateArn',
  });
type Settings = z.infer<typeof Settings>;

export type Stage = Omit<Settings, 'canary' | 'siteUrl'> & {
  /** Part of every deployed name, such as `parley-dev-market`. */
  name: string;
  isProduction: boolean;
  logRetention: RetentionDays;
  /** What the HTTP API lets through, in calls per second and at once; above it answers 429. */
  calls: { perSecond: number; burst: number };
  /** Where people and programs find it, without a slash at its end: people come back to it from where they sign in. */
  siteUrl: string;
  /** New code takes a tenth of the calls for five minutes first, and goes back by itself when it fails. */
  hasCanary: boolean;
};

/**
 * Where `npm run dev:web` serves the app: the one address without TLS that the user pool leads back to. It stands where a stage's
 * own is not known yet.
 */
const DEVELOPMENT_SITE = 'http://localhost:5173';
export const EDGE_REGION = 'us-east-1';

/** The stage that the context names, `dev` where it names none. Throws where the name cannot be part of other names. */
export function stageOf(node: Node): Stage {
  const name = StageName.safeParse(node.tryGetContext('stage') ?? 'dev');
  if (!name.success)
    throw new Error(
      `the stage '${String(node.tryGetContext('stage'))}' must be 2 to 12 lower-case letters and digits, a letter first, and not 'local': -c stage=dev`,
    );
  const { canary, siteUrl, ...settings } = settingsOf(node, name.data);
  const isProduction = name.data === PRODUCTION;
  return {
    ...settings,
    name: name.data,
    isProduction,
    logRetention: isProduction ? RetentionDays.THREE_MONTHS : RetentionDays.TWO_WEEKS,
    calls: isProduction ? { perSecond: 10_000, burst: 5_000 } : { perSecond: 200, burst: 100 },
    siteUrl: settings.domain === undefined ? (siteUrl ?? DEVELOPMENT_SITE) : `https://${settings.domain}`,
    hasCanary: (canary ?? (name.data === 'dev' ? 'off' : 'on')) === 'on',
  };
}

/** What the file says of the stage, and above it what the call says. */
function settingsOf(node: Node, name: string): Settings {
  const stages = (node.tryGetContext('stages') ?? {}) as Record<string, object>;
  const keys = Object.keys(Settings.shape);
  const said = keys.flatMap((key) => {
    const value: unknown = node.tryGetContext(key);
    return value === undefined ? [] : [[key, value]];
  });
  const read = Settings.safeParse({ ...stages[name], ...Object.fromEntries(said) });
  if (!read.success)
    throw new Error(`the stage '${name}' cannot be read from the context: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** Where the stage's signing key lies in the Parameter Store: a SecureString that a person puts there before the first deploy. */
export const signingKeyParameter = (stage: string): string => `/parley/${stage}/signing-key`;

/** Where the keys of the stage's receipts lie, made and followed by `npm run rotate-receipt-key`. */
export const receiptKeysParameter = (stage: string): string => `/parley/${stage}/receipt-keys`;

/** Where the key of Stripe lies, and the secrets of its four webhook destinations (JSON): a person puts both there before the first deploy. */
export const stripeParameter = (stage: string, what: 'calls' | 'events'): string =>
  `/parley/${stage}/${what === 'calls' ? 'stripe-key' : 'stripe-webhook-secrets'}`;

/** The secret by which the API knows that a call came through the edge, made by the first deployment of the state. */
export const originSecretName = (stage: string): string => `parley-${stage}-origin`;
