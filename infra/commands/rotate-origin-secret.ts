/**
 * `npm run rotate-origin-secret -- --stage <name>`: a fresh secret between edge and API, without a call refused. First the
 * functions take both, then the edge sends the new one, then the old one is good no more.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { randomToken } from '../../shared/kernel/id.ts';
import { originSecretName } from '../stacks/stage.ts';
import { aws, run, stageNamed } from './stage-of-call.ts';

const HELP = `npm run rotate-origin-secret -- --stage NAME

  Replaces the secret by which the API knows that a call came through the edge, and deploys the edge.
  Takes a quarter of an hour, most of it waiting. Repeat it where it was broken off.

  --stage NAME     dev, staging, prod, …
  --help           this text`;

/** Functions know what they read for a minute, and the extension they ask for five more. */
const UNTIL_ALL_KNOW_MS = 7 * 60_000;
const SECRET_BYTES = 36;

const Stored = z.object({ SecretString: z.string(), VersionId: z.string() });
const OriginSecret = z.object({ current: z.string().min(1), previous: z.string() });
const Put = z.object({ VersionId: z.string() });

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 1;
});

async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: { stage: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help || values.stage === undefined) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const stage = stageNamed(values.stage);
  const place = ['--secret-id', originSecretName(stage.name), '--region', stage.region];
  const { secret, version } = begun(place);
  console.log('The functions take the old secret and the new one in seven minutes.');
  await sleep(UNTIL_ALL_KNOW_MS);
  const deployWords = ['cdk', 'deploy', `parley-${stage.name}-edge`, '--exclusively', '-c', `stage=${stage.name}`];
  const deployed = run('npx', [...deployWords, '-c', `originVersion=${version}`]);
  if (deployed !== 0) return deployed;
  put(place, { current: secret.current, previous: '' });
  console.log('The edge sends the new secret; the old one is good for six minutes more.');
  return 0;
}

type OriginSecret = z.infer<typeof OriginSecret>;

/** A rotation that was broken off goes on with its own new secret: the edge may still send the one before it. */
function begun(place: readonly string[]): { secret: OriginSecret; version: string } {
  const text = aws(['secretsmanager', 'get-secret-value', ...place]);
  if (text === undefined)
    throw new Error('the secret could not be read: deploy the state first, and use credentials of its account');
  const stored = Stored.parse(JSON.parse(text));
  const known = OriginSecret.parse(JSON.parse(stored.SecretString));
  if (known.previous !== '') return { secret: known, version: stored.VersionId };
  const secret = { current: randomToken(SECRET_BYTES), previous: known.current };
  return { secret, version: put(place, secret) };
}

/** The version that it became. The secret goes in by standard input, where no list of processes shows it. */
function put(place: readonly string[], secret: OriginSecret): string {
  const text = aws(
    ['secretsmanager', 'put-secret-value', ...place, '--secret-string', 'file:///dev/stdin'],
    JSON.stringify(secret),
  );
  if (text === undefined) throw new Error('the secret could not be written');
  return Put.parse(JSON.parse(text)).VersionId;
}
