/** The runtime in Lambda, from its environment. Loaded only where no host provided a runtime. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createRemoteJWKSet } from 'jose';
import { USUAL_LIMITS } from '../shared/call-limit/call-limit.ts';
import { type DeadLetters, sqsDeadLetters } from '../shared/gateways/dead-letters.ts';
import { bucketFiles } from '../shared/gateways/files/s3.ts';
import { NO_MAIL } from '../shared/gateways/mail.ts';
import type { StripeSecrets } from '../shared/gateways/stripe-access.ts';
import type { QueueName } from '../shared/kernel/message.ts';
import { readSigningKeys, type SigningKeys } from '../shared/kernel/sign.ts';
import { Tables } from '../shared/kernel/table.ts';
import { machineClock } from '../shared/kernel/time.ts';
import { ReceiptKeys } from '../shared/receipt/keys.ts';
import type { Files } from '../shared/thread/attachment.ts';
import { alarmLine, consumptionMetrics, gaugeLine, logLine } from './lines.ts';
import { tokenVerifier } from './middleware/tokens.ts';
import { originSecretsOf, parameter } from './parameters.ts';
import type { Runtime } from './runtime.ts';

/** SQS takes at most ten messages in one call. */
const SQS_BATCH = 10;

/**
 * Builds the runtime. Variables: `SITE_URL`; `TABLE_MARKET`, `TABLE_REQUESTS`, `TABLE_LEDGER`; `QUEUE_<NAME>_URL` of the queues that
 * the function sends to, `QUEUE_<NAME>_DEAD_URL` of those it redrives; `BUCKET_FILES` where it touches attachments; for
 * functions behind the API `ISSUER`, `CLIENT_ID`, `MARKET_GROUP`, `ORIGIN_SECRET` and `SIGNING_KEY_PARAMETER`; for the one of receipts
 * `RECEIPT_KEYS_PARAMETER`; where it calls Stripe `STRIPE_KEY_PARAMETER`, where it takes Stripe's events in `STRIPE_SECRETS_PARAMETER`;
 * `METRICS`, the namespace of what is measured.
 */
export async function runtimeFromEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<Runtime> {
  const client = new DynamoDBClient({ cacheMiddleware: true });
  const metrics = consumptionMetrics(writeLine, () => machineClock.now());
  // Lambda says so before it ends a process that has an extension, as those that read a parameter have.
  process.once('SIGTERM', metrics.flushAll);
  return {
    tables: new Tables({
      client,
      // A function without a grant for a table has no name for it either; using it then fails at once.
      names: {
        market: env.TABLE_MARKET ?? 'market-not-granted',
        requests: env.TABLE_REQUESTS ?? 'requests-not-granted',
        ledger: env.TABLE_LEDGER ?? 'ledger-not-granted',
      },
    }),
    clock: machineClock,
    send: sender(env),
    deadLetters: deadLetters(env),
    verifyToken: verifier(env),
    callLimits: USUAL_LIMITS,
    ...(env.MARKET_GROUP === undefined ? {} : { marketGroup: env.MARKET_GROUP }),
    signingKey: await signingKey(env),
    receiptKeys: receiptKeysOf(env),
    ...(env.ORIGIN_SECRET === undefined ? {} : { originSecrets: originSecretsOf(env, env.ORIGIN_SECRET) }),
    stripeAccess: async () => ({ secretKey: await parameter(env, required(env, 'STRIPE_KEY_PARAMETER')) }),
    // Parsed by the function that uses it: others carry no schema of it.
    stripeSecrets: async () =>
      JSON.parse(await parameter(env, required(env, 'STRIPE_SECRETS_PARAMETER'))) as StripeSecrets,
    // The client of the mail service is not part of the bundle yet: companies send their customers' links themselves.
    mail: NO_MAIL,
    siteUrl: () => required(env, 'SITE_URL'),
    files: files(env),
    recordConsumption: metrics.record,
    log: (level, message, fields) => {
      writeLine(logLine(level, message, fields));
      if (typeof fields?.alarm === 'string') writeLine(alarmLine(fields.alarm, machineClock.now()));
      if (typeof fields?.gauges === 'object')
        writeLine(gaugeLine(fields.gauges as Record<string, number>, machineClock.now()));
    },
  };
}

/** The bucket of attachments. Lambda gives a function its role's credentials in its environment. */
function files(env: NodeJS.ProcessEnv): Files {
  const name = env.BUCKET_FILES ?? 'files-not-granted';
  const region = env.AWS_REGION ?? 'us-east-1';
  return bucketFiles({
    name,
    region,
    endpoint: `https://${name}.s3.${region}.amazonaws.com`,
    credentials: () => ({
      accessKeyId: required(env, 'AWS_ACCESS_KEY_ID'),
      secretAccessKey: required(env, 'AWS_SECRET_ACCESS_KEY'),
      sessionToken: env.AWS_SESSION_TOKEN,
    }),
    now: () => machineClock.now(),
  });
}

function sender(env: NodeJS.ProcessEnv): Runtime['send'] {
  const client = new SQSClient({});
  return async (queue: QueueName, bodies: readonly unknown[]) => {
    const url = required(env, `QUEUE_${queue.toUpperCase().replaceAll('-', '_')}_URL`);
    for (let first = 0; first < bodies.length; first += SQS_BATCH) {
      const batch = bodies.slice(first, first + SQS_BATCH);
      const Entries = batch.map((body, i) => ({ Id: String(i), MessageBody: JSON.stringify(body) }));
      const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
      const failed = answer.Failed?.length ?? 0;
      if (failed > 0) throw new Error(`${failed} of ${batch.length} messages to ${queue} were not taken`);
    }
  };
}

/** Of functions that redrive: their queues have both addresses in the environment. */
function deadLetters(env: NodeJS.ProcessEnv): DeadLetters {
  return sqsDeadLetters(new SQSClient({}), (queue) => {
    const name = `QUEUE_${queue.toUpperCase().replaceAll('-', '_')}`;
    return { url: required(env, `${name}_URL`), deadUrl: required(env, `${name}_DEAD_URL`) };
  });
}

function verifier(env: NodeJS.ProcessEnv): Runtime['verifyToken'] {
  if (env.ISSUER === undefined) return async () => Promise.reject(new Error('ISSUER is not set for this function'));
  const keys = createRemoteJWKSet(new URL(`${env.ISSUER.replace(/\/$/, '')}/.well-known/jwks.json`));
  return tokenVerifier({ issuer: env.ISSUER, clientId: env.CLIENT_ID, keys });
}

/**
 * The signing keys (32 bytes or more each, base64url, by commas, the one that signs first) from the Parameter Store, once per process, through the extension layer:
 * it needs no client of its own in the bundle. Functions that sign nothing have no parameter and an empty key.
 */
async function signingKey(env: NodeJS.ProcessEnv): Promise<SigningKeys> {
  const name = env.SIGNING_KEY_PARAMETER;
  if (name === undefined) return new Uint8Array();
  return readSigningKeys(await parameter(env, name));
}

/** The keys of receipts (JSON) from the Parameter Store, read when first asked for, by the one function that has their name. */
function receiptKeysOf(env: NodeJS.ProcessEnv): Runtime['receiptKeys'] {
  let reading: Promise<ReceiptKeys> | undefined;
  return () => {
    reading ??= (async () => {
      const text = await parameter(env, required(env, 'RECEIPT_KEYS_PARAMETER'));
      return ReceiptKeys.parse(JSON.parse(text));
    })().catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

/** Straight to standard output: `console.log` would put its own words around each line, which are paid for too. */
const writeLine = (line: string): void => void process.stdout.write(`${line}\n`);

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set for this function`);
  return value;
}
