/** A process that dies at one of its calls, to the tables or to Stripe, for simulations of crashes. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import Stripe from 'stripe';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import type { StripeCall } from '../../shared/stripe-call/stripe-call.store.ts';
import { Crash } from './crash.ts';

export type Dying = {
  call: StripeCall;
  seen: { calls: number; dead: boolean; stripe: number };
};
export type When = 'before' | 'after';

/** Dies at its n-th call, before it arrives or with its answer lost, and counts those to Stripe. */
export function dying(base: StripeCall, secretKey: string, port: number, at: number, when: When): Dying {
  const config = base.tables.owner as TableConfig;
  const real = Stripe.createNodeHttpClient();
  const seen = { calls: 0, dead: false, stripe: 0 };
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    seen.calls += 1;
    if (seen.dead || seen.calls > at) throw new Crash('the process is gone');
    if (seen.calls === at) seen.dead = true;
    if (seen.dead && when === 'before') throw new Crash('died before the call');
    const answer = await work();
    if (seen.dead) throw new Crash('died after the call');
    return answer;
  };
  const httpClient: Stripe.HttpClient = Object.create(real, {
    makeRequest: {
      value: (...args: Parameters<Stripe.HttpClient['makeRequest']>) => {
        seen.stripe += 1;
        return guard(() => real.makeRequest(...args));
      },
    },
  });
  const local = { host: '127.0.0.1', port, protocol: 'http' as const, telemetry: false, maxNetworkRetries: 0 };
  const stripe = new Stripe(secretKey, { ...local, httpClient });
  const send = (command: Parameters<DynamoDBClient['send']>[0]): Promise<unknown> =>
    guard(() => config.client.send(command));
  const tables = new Tables({ ...config, client: { send } as unknown as DynamoDBClient });
  return { call: { ...base, tables, stripe }, seen };
}

/** Does some work as a process that dies; any other error is thrown. The SDK tells of a death as of a lost connection. */
export async function untilDead({ call, seen }: Dying, work: (call: StripeCall) => Promise<unknown>): Promise<void> {
  await work(call).catch((error: unknown) => {
    if (!seen.dead) throw error;
  });
}

/** Every call in the long run (`npm run test:crash`); else some of them, before it and after it in turn. */
export const isTried = (at: number, when: When, every: number): boolean =>
  process.env.PARLEY_EVERY_CRASH !== undefined || (2 * at + (when === 'after' ? 1 : 0)) % every === 0;
