import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { machineClock } from '../shared/kernel/time.ts';
import { originSecretsOf, parameter } from './parameters.ts';

const ENVIRONMENT: NodeJS.ProcessEnv = { AWS_SESSION_TOKEN: 'the session' };

let server: Server;
let asked: string[];
let answer: { status: number; body: unknown };
let now: number;
beforeEach(async () => {
  asked = [];
  now = Date.UTC(2030, 0, 1);
  vi.spyOn(machineClock, 'now').mockImplementation(() => now);
  server = createServer((request, response) => {
    asked.push(`${String(request.headers['x-aws-parameters-secrets-token'])} ${request.url}`);
    response.writeHead(answer.status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, 'localhost', done));
  ENVIRONMENT.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT = String((server.address() as AddressInfo).port);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await new Promise((done) => server.close(done));
});

const secretOf = (current: string, previous = '') => ({
  status: 200,
  body: { SecretString: JSON.stringify({ current, previous }) },
});

describe('the secrets of the edge', () => {
  it('are the present one and the one before it, read again after a minute', async () => {
    answer = secretOf('first');
    const secrets = originSecretsOf(ENVIRONMENT, 'parley-check-origin');
    expect(await secrets()).toEqual(['first', '']);
    answer = secretOf('second', 'first');
    expect(await secrets()).toEqual(['first', '']);
    now += 61_000;
    expect(await secrets()).toEqual(['second', 'first']);
    expect(asked).toEqual(Array(2).fill('the session /secretsmanager/get?secretId=parley-check-origin'));
  });

  it('stay good while another one cannot be read', async () => {
    answer = secretOf('first');
    const secrets = originSecretsOf(ENVIRONMENT, 'parley-check-origin');
    await secrets();
    answer = { status: 500, body: {} };
    now += 61_000;
    expect(await secrets()).toEqual(['first', '']);
  });

  it('let nobody in while none was read, and are asked for again', async () => {
    answer = { status: 500, body: {} };
    const secrets = originSecretsOf(ENVIRONMENT, 'parley-check-origin');
    await expect(secrets()).rejects.toThrow('status 500');
    answer = secretOf('first');
    expect(await secrets()).toEqual(['first', '']);
  });
});

describe('a parameter', () => {
  it('is read decrypted, by its whole name', async () => {
    answer = { status: 200, body: { Parameter: { Value: 'the key' } } };
    expect(await parameter(ENVIRONMENT, '/parley/check/signing-key')).toBe('the key');
    expect(asked).toEqual([
      'the session /systemsmanager/parameters/get?withDecryption=true&name=%2Fparley%2Fcheck%2Fsigning-key',
    ]);
  });
});
