/**
 * Parameters and secrets in Lambda, through the extension layer 'AWS Parameters and Secrets': it needs no client of its own
 * in the bundle, and keeps what it read for five minutes.
 */
import * as z from 'zod';
import { machineClock } from '../shared/kernel/time.ts';

/** Where the extension answers inside a Lambda, if no variable of its own says another port. */
const EXTENSION_PORT = '2773';
const EXTENSION_TIMEOUT_MS = 3_000;

/** What was read of the origin's secret is taken for this long, in milliseconds; the extension keeps it for five minutes more. */
const ORIGIN_SECRET_KNOWN_MS = 60_000;
const OriginSecret = z.object({ current: z.string(), previous: z.string() });

/** The secret that the edge sends, and the one before it. What was known is good until another one could be read. */
export function originSecretsOf(env: NodeJS.ProcessEnv, name: string): () => Promise<readonly string[]> {
  let known: { at: number; secrets: Promise<readonly string[]> } | undefined;
  const read = async (): Promise<readonly string[]> => {
    const { SecretString } = (await extension(env, `secretsmanager/get?secretId=${encodeURIComponent(name)}`)) as {
      SecretString?: string;
    };
    const { current, previous } = OriginSecret.parse(JSON.parse(SecretString ?? ''));
    return [current, previous];
  };
  return () => {
    const now = machineClock.now();
    if (known !== undefined && now - known.at < ORIGIN_SECRET_KNOWN_MS) return known.secrets;
    const before = known?.secrets;
    known = { at: now, secrets: before === undefined ? read() : read().catch(() => before) };
    known.secrets.catch(() => {
      known = undefined;
    });
    return known.secrets;
  };
}

/** A parameter's value, decrypted. */
export async function parameter(env: NodeJS.ProcessEnv, name: string): Promise<string> {
  const path = `systemsmanager/parameters/get?withDecryption=true&name=${encodeURIComponent(name)}`;
  const { Parameter } = (await extension(env, path)) as { Parameter?: { Value?: string } };
  return Parameter?.Value ?? '';
}

async function extension(env: NodeJS.ProcessEnv, path: string): Promise<unknown> {
  const port = env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT ?? EXTENSION_PORT;
  const answer = await fetch(`http://localhost:${port}/${path}`, {
    headers: { 'x-aws-parameters-secrets-token': env.AWS_SESSION_TOKEN ?? '' },
    signal: AbortSignal.timeout(EXTENSION_TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`${path} could not be read: status ${answer.status}`);
  return answer.json();
}
