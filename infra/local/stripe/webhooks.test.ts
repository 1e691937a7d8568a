import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestStripe, type TestStripe } from '../../../tests/support/stripe.ts';
import type { Destination } from './context.ts';

const SECRETS = {
  'snapshot-platform': 'whsec_1',
  'snapshot-accounts': 'whsec_2',
  'thin-platform': 'whsec_3',
  'thin-accounts': 'whsec_4',
} as const;
type Told = { destination: string; event: { id: string; type: string; [more: string]: unknown } };

let market: Server;
let test: TestStripe;
let told: Told[];
/** What the market answers. */
let status: number;
beforeEach(async () => {
  told = [];
  status = 200;
  market = createServer((request, response) => {
    const destination = (request.url ?? '').slice(1) as keyof typeof SECRETS;
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const header = String(request.headers['stripe-signature']);
      // Throws, and so fails the test, where the signature is not that of the destination.
      Stripe.webhooks.signature?.verifyHeader(
        body,
        header,
        SECRETS[destination],
        300,
        undefined as never,
        undefined as never,
      );
      told.push({ destination, event: JSON.parse(body) as Told['event'] });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => market.listen(0, '127.0.0.1', resolve));
  const { port } = market.address() as AddressInfo;
  const destinations = Object.entries(SECRETS).map(([id, secret]) => ({
    id: id as Destination['id'],
    url: `http://127.0.0.1:${port}/${id}`,
    secret,
  }));
  test = await startTestStripe({ destinations });
});
afterEach(async () => {
  await test.stop();
  market.closeAllConnections();
  await new Promise((resolve) => market.close(resolve));
});

const types = () => told.map(({ event }) => event.type);
const create = (name: string) => test.stripe.customers.create({ name });
const name = ({ event }: Told) => (event.data as { object: { name: string } }).object.name;
const MINUTE_MS = 60_000;

it('tells what happened, signed with the secret of its destination, as it was then', async () => {
  const { id } = await create('Acme');
  await test.stripe.customers.update(id, { name: 'Acme GmbH' });
  await test.switches.settled();
  expect(told.map(({ destination, event: { type } }) => [destination, type])).toEqual([
    ['snapshot-platform', 'customer.created'],
    ['snapshot-platform', 'customer.updated'],
  ]);
  expect(told.map(name)).toEqual(['Acme', 'Acme GmbH']);
  expect(told[1]?.event.data).toMatchObject({ previous_attributes: { name: 'Acme' } });
});

it('tells of connected accounts thinly: which object, and nothing of it', async () => {
  const { id } = await test.stripe.v2.core.accounts.create({
    contact_email: 'pay@provider.example',
    configuration: { recipient: { capabilities: { stripe_balance: { stripe_transfers: { requested: true } } } } },
  });
  test.switches.act('complete_onboarding', { account: id });
  await test.switches.settled();
  expect(types()).toEqual([
    'v2.core.account.created',
    'v2.core.account[requirements].updated',
    'v2.core.account[configuration.recipient].capability_status_updated',
  ]);
  for (const { destination, event } of told) {
    expect(destination).toBe('thin-accounts');
    expect(event).toMatchObject({
      object: 'v2.core.event',
      context: id,
      related_object: { id, url: `/v2/core/accounts/${id}` },
    });
    expect(event).not.toHaveProperty('data');
  }
  const whole = await test.stripe.v2.core.events.retrieve(told[2]!.event.id);
  expect(whole).toMatchObject({ data: { updated_capability: 'stripe_balance.stripe_transfers' } });
});

it('repeats by the market clock until it is taken, and lists what was not', async () => {
  status = 500;
  await create('Acme');
  await test.switches.settled();
  const open = async (isDelivered: boolean) =>
    (await test.stripe.events.list({ delivery_success: isDelivered })).data.map(({ pending_webhooks: n }) => n);
  expect([told.length, await open(false), await open(true)]).toEqual([1, [1], []]);
  await test.advance(test.clock.now() + MINUTE_MS - 1);
  expect(told.length).toBe(1);
  status = 200;
  await test.advance(test.clock.now() + 1);
  expect(told.length).toBe(2);
  expect(new Set(told.map(({ event }) => event.id)).size).toBe(1);
  expect([await open(false), await open(true)]).toEqual([[], [0]]);
});

it('gives up after three days', async () => {
  status = 500;
  await create('Acme');
  const start = test.clock.now();
  for (let hour = 0; hour <= 24 * 5; hour++) await test.advance(start + hour * 60 * MINUTE_MS);
  const attempts = told.length;
  expect(attempts).toBeGreaterThan(5);
  expect((await test.stripe.events.list({ delivery_success: false })).data.length).toBe(1);
  await test.advance(start + 30 * 24 * 60 * MINUTE_MS - 1);
  expect(told.length).toBe(attempts);
});

it('drops, loses and duplicates where a switch says so', async () => {
  test.switches.webhooks(({ attempts }) => (attempts === 0 ? 'drop' : 'deliver'));
  await create('dropped once');
  await test.switches.settled();
  expect(types()).toEqual([]);
  await test.advance(test.clock.now() + MINUTE_MS);
  expect(types()).toEqual(['customer.created']);
  test.switches.webhooks(() => 'duplicate');
  await create('twice');
  await test.switches.settled();
  expect(told.map(name)).toEqual(['dropped once', 'twice', 'twice']);
  test.switches.webhooks(() => 'lose');
  await create('lost');
  await test.switches.settled();
  expect(told.length).toBe(3);
  expect((await test.stripe.events.list({ delivery_success: false })).data).toEqual([]);
});

it('holds back, and lets go in the order that is asked for', async () => {
  test.switches.webhooks(() => 'hold');
  for (const who of ['a', 'b', 'c']) await create(who);
  await test.switches.settled();
  expect(told).toEqual([]);
  test.switches.webhooks(undefined);
  test.switches.release((events) => events.toReversed());
  await test.switches.settled();
  expect(told.map(name).sort()).toEqual(['a', 'b', 'c']);
});

it('finds events by type and group, for thirty days', async () => {
  const { id } = await create('Acme');
  await test.stripe.setupIntents.create({ customer: id });
  const of = async (params: Stripe.EventListParams) =>
    (await test.stripe.events.list(params)).data.map(({ type }) => type);
  expect(await of({ types: ['setup_intent.created'] })).toEqual(['setup_intent.created']);
  expect(await of({ type: 'customer.*' })).toEqual(['customer.created']);
  await test.advance(test.clock.now() + 30 * 24 * 60 * MINUTE_MS + 1_000);
  expect(await of({})).toEqual([]);
});
