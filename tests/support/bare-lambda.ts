/**
 * Runs bundled functions as Lambda does: each in a Node process of its own, with the files of its asset, the environment of its
 * template and nothing else. Tables and queues are the local engines; keys and parameters come from stand-ins on this machine.
 */
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { MessageQueues } from '../../infra/local/messages.ts';
import { type SqsEngine, startSqsEngine } from '../../infra/local/sqs-engine.ts';
import type { QueueName } from '../../shared/kernel/message.ts';
import type { TableConfig, TableId } from '../../shared/kernel/table.ts';
import { newReceiptKey } from '../../shared/receipt/jws.ts';
import { startTestTables, type TestTables } from './engine.ts';

const CLIENT = 'client-of-the-test';
const GROUP = 'market-people';
const ORIGIN_SECRET = 'what-only-the-edge-knows';
/** Reads an event from its input, answers what the handler answers behind a mark; whatever else is printed is its log. */
const MARK = '#answer ';
const PROGRAM = `
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { handler } = await import(process.argv[1]);
const context = { awsRequestId: 'call-1', functionName: 'test', getRemainingTimeInMillis: () => 15000 };
const answer = await handler(JSON.parse(Buffer.concat(chunks).toString('utf8')), context);
process.stdout.write(${JSON.stringify(MARK)} + JSON.stringify(answer ?? null) + '\\n');
process.exit(0);
`;

export class BareLambda {
  readonly engine: TestTables;
  readonly queues: MessageQueues;
  private readonly sqs: SqsEngine;
  private readonly parameters = new Map<string, string>();
  private readonly folder: string;
  private server!: Server;
  private url = '';
  private jwk: JWK = {};
  private signingKey!: CryptoKey;

  private constructor(engine: TestTables, sqs: SqsEngine, folder: string) {
    this.engine = engine;
    this.sqs = sqs;
    this.queues = new MessageQueues(sqs.endpoint);
    this.folder = folder;
  }

  /** Processes run in `folder`, which has no packages. */
  static async start(folder: string): Promise<BareLambda> {
    const world = new BareLambda(await startTestTables({ bundled: true }), await startSqsEngine(), folder);
    await world.queues.create();
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    world.signingKey = privateKey;
    world.jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' };
    const whsec = ['whsec_test'];
    const secrets = ['snapshot-platform', 'snapshot-accounts', 'thin-platform', 'thin-accounts'];
    for (const [name, value] of [
      ['signing-key', Buffer.alloc(32, 7).toString('base64url')],
      ['receipt-keys', JSON.stringify([await newReceiptKey(0)])],
      ['stripe-key', 'sk_test_bare'],
      ['stripe-webhook-secrets', JSON.stringify(Object.fromEntries(secrets.map((one) => [one, whsec])))],
    ] as const)
      world.parameters.set(name, value);
    await world.serve();
    return world;
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => {
      this.server.close(() => done());
      this.server.closeAllConnections();
    });
    this.queues.close();
    await this.sqs.stop();
    await this.engine.stop();
  }

  /** An access token as the user pool gives it. */
  async token(user: string): Promise<string> {
    const claims = {
      client_id: CLIENT,
      token_use: 'access',
      username: user,
      email: `${user}@example.com`,
      'cognito:groups': [GROUP],
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setSubject(user)
      .setIssuer(this.url)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(this.signingKey);
  }

  /** A call's event as the edge has it reach the gateway. */
  throughEdge(event: unknown): unknown {
    const { headers, ...rest } = event as { headers: Record<string, string> };
    return { ...rest, headers: { ...headers, 'parley-origin': ORIGIN_SECRET, 'parley-viewer': '203.0.113.7' } };
  }

  /** Runs a bundle's handler once. `told` are the variables of its template; throws with its log where it fails. */
  async run(bundle: string, told: Readonly<Record<string, unknown>>, event: unknown): Promise<unknown> {
    const own = Object.entries(told).map(([name, value]) => [name, this.here(name) ?? value]);
    const unknown = own.flatMap(([name, value]) => (typeof value === 'string' ? [] : [name]));
    if (unknown.length > 0)
      throw new Error(`give ${unknown.join(', ')} a value in bare-lambda.ts: deployment fills it in`);
    const env = { ...SET_BY_LAMBDA, ...(Object.fromEntries(own) as Record<string, string>), ...this.local() };
    const file = pathToFileURL(join(bundle, 'index.mjs')).href;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, file], { cwd: this.folder, env });
    let [printed, failed] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      printed += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      failed += data.toString();
    });
    child.stdin.end(JSON.stringify(event));
    await new Promise((done) => child.once('close', done));
    const answer = printed.split('\n').find((line) => line.startsWith(MARK));
    if (answer === undefined) throw new Error(`${bundle} answered nothing: ${failed || printed}`);
    return JSON.parse(answer.slice(MARK.length));
  }

  /** Where this machine stands in for AWS. */
  private local(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL_DYNAMODB: this.engine.endpoint,
      AWS_ENDPOINT_URL_SQS: this.sqs.endpoint,
      PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: new URL(this.url).port,
    };
  }

  /** What a variable is on this machine, where the template's value is another place's or is filled in by the deployment. */
  private here(name: string): string | undefined {
    const { names } = this.engine.tables.owner as TableConfig;
    const table = /^TABLE_(\w+)$/.exec(name)?.[1]?.toLowerCase() as TableId | undefined;
    if (table !== undefined) return names[table];
    const [, queue, dead] = /^QUEUE_(\w+?)(_DEAD)?_URL$/.exec(name) ?? [];
    if (queue !== undefined) {
      const { url, deadUrl } = this.queues.address(queue.toLowerCase().replaceAll('_', '-') as QueueName);
      // The engine names its queues by a host that only it resolves.
      return new URL(new URL(dead === undefined ? url : deadUrl).pathname, this.sqs.endpoint).href;
    }
    return { CLIENT_ID: CLIENT, BUCKET_FILES: 'files', ISSUER: this.url, SIGN_IN_URL: this.url }[name];
  }

  /** The pool's public keys, and the extension through which Lambda reads parameters and secrets. */
  private async serve(): Promise<void> {
    this.server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', this.url);
      const named = url.searchParams.get('name')?.split('/').at(-1) ?? '';
      const value = this.parameters.get(named);
      const body =
        url.pathname === '/.well-known/jwks.json'
          ? { keys: [this.jwk] }
          : url.pathname === '/systemsmanager/parameters/get' && value !== undefined
            ? { Parameter: { Value: value } }
            : url.pathname === '/secretsmanager/get' && url.searchParams.get('secretId')?.endsWith('-origin')
              ? { SecretString: JSON.stringify({ current: ORIGIN_SECRET, previous: '' }) }
              : undefined;
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body ?? {}));
    });
    await new Promise<void>((done) => this.server.listen(0, 'localhost', done));
    this.url = `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }
}

const SET_BY_LAMBDA = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SESSION_TOKEN: 'test',
};
