/** The address at which Stripe posts its events. */
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handler } from '../../functions/webhook/stripe.ts';
import { openEvents } from '../../shared/stripe-event/stripe-event.store.ts';
import { STRIPE_DESTINATIONS } from '../../shared/stripe-event/stripe-event.ts';
import { TestEdge } from '../support/edge.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';

let engine: TestTables;
let edge: TestEdge;
const sent: unknown[] = [];
beforeAll(async () => {
  engine = await startTestTables();
  edge = new TestEdge(engine.tables);
  edge.runtime.stripeSecrets = async () =>
    Object.fromEntries(STRIPE_DESTINATIONS.map((id) => [id, [`whsec_${id}`, `whsec_old_${id}`]])) as Awaited<
      ReturnType<typeof edge.runtime.stripeSecrets>
    >;
  edge.runtime.send = async (queue, bodies) => void sent.push(...bodies.map((body) => [queue, body]));
});
afterAll(() => engine.stop());

let serial = 0;
const snapshot = (more: object = {}) => ({
  id: `evt_${++serial}`,
  object: 'event',
  type: 'invoice.paid',
  created: 17676e5,
  livemode: false,
  api_version: '2026-10-28.endive',
  pending_webhooks: 1,
  request: null,
  data: {
    object: {
      id: 'in_1',
      object: 'invoice',
      amount_paid: 100,
    },
  },
  ...more,
});
const thin = () => ({
  id: `evt_${++serial}`,
  object: 'v2.core.event',
  type: 'v2.core.account.closed',
  livemode: false,
  created: '2026-01-05T08:00:00.000Z',
  context: 'acct_1',
  related_object: {
    id: 'acct_1',
    type: 'v2.core.account',
    url: '/v2/core/accounts/acct_1',
  },
});
const send = (
  destination: string,
  body: object,
  secret = `whsec_${destination}`,
  ageSeconds = 0,
  sentAs = JSON.stringify(body),
) => {
  const payload = JSON.stringify(body);
  const timestamp = Math.floor(edge.machineNow / 1_000) - ageSeconds;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return edge.call(handler, 'POST /v1/stripe/{destination}', {
    params: { destination },
    bytes: new TextEncoder().encode(sentAs),
    headers: { 'stripe-signature': signature },
  });
};
const stored = async (id: string) => (await openEvents({ tables: engine.tables, now: edge.now }, [id])).get(id);

describe('an event of Stripe', () => {
  it.each(STRIPE_DESTINATIONS)('is kept and sent on before the answer, at %s', async (destination) => {
    const body = destination.startsWith('thin') ? thin() : snapshot();
    const answer = await send(destination, body);
    expect([answer.status, answer.body]).toEqual([200, { received: true }]);
    expect(await stored(body.id)).toMatchObject({ event: body.id, type: body.type });
    expect(sent).toContainEqual(['stripe-in', { event: body.id }]);
  });

  it('keeps only which object it is about, never what it says of it', async () => {
    const body = snapshot({ account: 'acct_9' });
    await send('snapshot-accounts', body);
    expect(await stored(body.id)).toEqual({
      event: body.id,
      type: 'invoice.paid',
      createdAt: 17676e8,
      account: 'acct_9',
      object: 'in_1',
      customer: null,
    });
  });

  it('is taken once, however often it comes', async () => {
    const body = snapshot();
    expect((await send('snapshot-platform', body)).status).toBe(200);
    expect((await send('snapshot-platform', body)).status).toBe(200);
    expect(edge.lines.filter(({ fields }) => fields.event === body.id).map(({ fields }) => fields.kept)).toEqual([
      'kept',
      'known',
    ]);
  });

  it('may be signed with either secret during a rotation', async () => {
    expect((await send('snapshot-platform', snapshot(), 'whsec_old_snapshot-platform')).status).toBe(200);
  });

  it.each([
    ['the secret of another destination', (body: object) => send('snapshot-platform', body, 'whsec_thin-platform')],
    ['a signature of ten minutes ago', (body: object) => send('snapshot-platform', body, undefined, 600)],
    [
      'a body that was changed by one byte',
      (body: object) => send('snapshot-platform', body, undefined, 0, `${JSON.stringify(body)} `),
    ],
    [
      'no signature',
      (body: object) =>
        edge.call(handler, 'POST /v1/stripe/{destination}', { params: { destination: 'snapshot-platform' }, body }),
    ],
  ])('is refused and not kept with %s', async (_, sendIt) => {
    const body = snapshot();
    const answer = await sendIt(body);
    expect([answer.status, answer.body.code]).toEqual([401, 'bad_signature']);
    expect(await stored(body.id)).toBeUndefined();
  });

  it('is answered 200 only where it could be kept', async () => {
    const body = snapshot();
    const { tables } = edge.runtime;
    const broken = {
      metered: () => ({ put: async () => Promise.reject(new Error('no table')), owner: {}, consumed: {} }),
    };
    Object.assign(edge.runtime, { tables: broken });
    const answer = await send('snapshot-platform', body);
    Object.assign(edge.runtime, { tables });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect((await send('snapshot-platform', body)).status).toBe(200);
  });

  it('is refused where it is no event, or the destination is none', async () => {
    expect((await send('snapshot-platform', { hello: 'world' })).body.code).toBe('invalid_request');
    expect((await send('snapshot-moon', snapshot())).status).toBe(400);
  });
});
