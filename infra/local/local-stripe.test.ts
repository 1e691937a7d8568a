import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testClient } from '../../tests/support/stripe.ts';
import { type OpenClock, openClock } from './clock.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { type LocalStripe, openStripe, stripeWebhookPath } from './local-stripe.ts';

let path: string;
let folder: DataFolder;
let clock: OpenClock;
let stripe: LocalStripe | undefined;
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'parley-stripe-'));
  folder = await openDataFolder(path);
  clock = openClock(folder);
  clock.set('standing', START, true);
});
afterEach(async () => {
  await stripe?.stop();
  stripe = undefined;
  folder.release();
  rmSync(path, { recursive: true, force: true });
});

const START = Date.UTC(2026, 0, 1);
const open = async (environment: NodeJS.ProcessEnv = {}) => {
  stripe = await openStripe({ folder, clock, log: () => undefined, environment });
  return stripe;
};
const client = async ({ access }: LocalStripe) => {
  const { secretKey, standIn } = await access();
  return testClient(secretKey, standIn?.port ?? 0);
};

it('is the stand-in where no key is set, with the same key, secrets, address and objects after a restart', async () => {
  const first = await open();
  const { id } = await (await client(first)).customers.create({ name: 'Acme' });
  const known = [await first.access(), await first.secrets()];
  await first.stop();
  const second = await open();
  expect([await second.access(), await second.secrets()]).toEqual(known);
  expect(await (await client(second)).customers.retrieve(id)).toMatchObject({ name: 'Acme' });
});

it('is Stripe itself where a key is set, and starts nothing', async () => {
  const real = await open({ STRIPE_SECRET_KEY: 'sk_test_real' });
  expect(real.standInUrl).toBeNull();
  expect(await real.access()).toEqual({ secretKey: 'sk_test_real' });
  await expect(real.secrets()).rejects.toThrow('STRIPE_WEBHOOK_SECRETS');
});

it('takes the secrets of real webhooks by destination, and says what is wrong with others', async () => {
  const secrets = Object.fromEntries(
    ['snapshot-platform', 'snapshot-accounts', 'thin-platform', 'thin-accounts'].map((id) => [id, [`whsec_${id}`]]),
  );
  const environment = { STRIPE_SECRET_KEY: 'sk_test_real', STRIPE_WEBHOOK_SECRETS: JSON.stringify(secrets) };
  expect(await (await open(environment)).secrets()).toEqual(secrets);
  await expect(open({ ...environment, STRIPE_WEBHOOK_SECRETS: 'whsec_only' })).rejects.toThrow('snapshot-accounts');
});

it('keeps what it has to tell until the market listens, and a step waits until it was told', async () => {
  const told: string[] = [];
  const market = createServer((request, response) => {
    told.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => market.listen(0, '127.0.0.1', resolve));
  try {
    const standIn = await open();
    await (await client(standIn)).customers.create({ tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }] });
    const messages = standIn.withWebhooks({ settled: async () => true });
    const soon = () => performance.now() + 5_000;
    expect(await messages.settled(soon())).toBe(true);
    expect(told).toEqual([]);
    await standIn.marketIsAt(`http://127.0.0.1:${(market.address() as AddressInfo).port}`);
    expect(await messages.settled(soon())).toBe(true);
    expect(told).toEqual(Array(2).fill(stripeWebhookPath('snapshot-platform')));
    // The tax id is looked up a minute later: the step finds it done and told.
    clock.advance(START + 60_000);
    expect(await messages.settled(soon())).toBe(true);
    expect(told.length).toBe(3);
  } finally {
    market.closeAllConnections();
    await new Promise((resolve) => market.close(resolve));
  }
});
