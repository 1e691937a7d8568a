/** The load in a thread of its own, as clients are machines of their own. */
import { parentPort, workerData } from 'node:worker_threads';
import { newExchange } from '../../../infra/local/actors/exchange.ts';
import { createParley } from '../../../shared/client/client.ts';
import type { SigningKeys } from '../../../shared/kernel/sign.ts';
import { wholeLife } from './load.ts';

export type LoadData = {
  baseUrl: string;
  companies: readonly string[];
  providers: readonly string[];
  queue: string;
  now: number;
  signingKey: SigningKeys;
};
export type LoadOrder = { count: number; prefix: string };

const { baseUrl, companies, providers, ...rest } = workerData as LoadData;
const exchange = newExchange();
const member = (apiKey: string) => ({ client: createParley({ baseUrl, apiKey, attempts: 1, fetch: exchange }) });
const target = { ...rest, companies: companies.map(member), providers: providers.map(member) };

parentPort?.on('message', ({ count, prefix }: LoadOrder) => {
  wholeLife(target, count, prefix).then(
    (life) => parentPort?.postMessage(life),
    (error: unknown) =>
      setImmediate(() => {
        throw error;
      }),
  );
});
