import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestStripe, type TestStripe, testClient } from '../../../tests/support/stripe.ts';

const HOUR_MS = 3_600_000;
let test: TestStripe;
let stripe: Stripe;
beforeEach(async () => {
  test = await startTestStripe();
  stripe = test.stripe;
});
afterEach(() => test.stop());

/** What the SDK throws, as far as a caller can tell refusals apart. */
async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: Stripe.errors.StripeError) => thrown,
  );
  if (error === undefined) throw new Error('it was not refused');
  const { statusCode, rawType, code, param } = error;
  return { statusCode, rawType, code, param };
}
const names = async () => (await stripe.customers.list({ limit: 100 })).data.map(({ name }) => name);
/** As a program without the SDK would ask. */
const raw = (path: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${test.standIn.port}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${test.standIn.key}`, ...(init.headers as Record<string, string>) },
  });

describe('a refusal names what is wrong', () => {
  it('of parameters', async () => {
    const create = (params: object) => refusal(stripe.customers.create(params));
    const wrong = { statusCode: 400, rawType: 'invalid_request_error' };
    expect(await create({ nam: 'x' })).toEqual({ ...wrong, code: 'parameter_unknown', param: 'nam' });
    expect(await create({ address: { lin1: 'x' } })).toEqual({
      ...wrong,
      code: 'parameter_unknown',
      param: 'address[lin1]',
    });
    expect(await create({ tax_id_data: [{ type: 'eu_vat' }] })).toEqual({
      ...wrong,
      code: 'parameter_missing',
      param: 'tax_id_data[0][value]',
    });
    expect(await create({ next_invoice_sequence: 'soon' })).toEqual({
      ...wrong,
      code: 'parameter_invalid_integer',
      param: 'next_invoice_sequence',
    });
    expect(await create({ tax_exempt: 'maybe' })).toEqual({ ...wrong, code: undefined, param: 'tax_exempt' });
    expect(await names()).toEqual([]);
  });

  it('of ids: 404 in the path, 400 in a parameter', async () => {
    const missing = { rawType: 'invalid_request_error', code: 'resource_missing' };
    expect(await refusal(stripe.customers.retrieve('cus_none'))).toEqual({ ...missing, statusCode: 404, param: 'id' });
    expect(await refusal(stripe.setupIntents.create({ customer: 'cus_none' }))).toEqual({
      ...missing,
      statusCode: 400,
      param: 'customer',
    });
    expect(await refusal(stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
      param: 'starting_after',
    });
  });

  it('of keys, paths and methods', async () => {
    const stranger = testClient('sk_test_somebody_else', test.standIn.port);
    expect(await refusal(stranger.customers.list())).toMatchObject({
      statusCode: 401,
      rawType: 'invalid_request_error',
    });
    const { error } = (await (await raw('/v1/nothing_like_that')).json()) as { error: { type: string } };
    expect(error.type).toBe('invalid_request_error');
    expect((await raw('/v1/customers', { method: 'DELETE' })).status).toBe(404);
  });

  it('of an account that is not connected', async () => {
    expect(await refusal(stripe.events.list({}, { stripeAccount: 'acct_none' }))).toMatchObject({
      statusCode: 403,
      code: 'account_invalid',
    });
  });
});

describe('the form of a request', () => {
  it('has brackets for hashes, places and lists without places', async () => {
    const body =
      'name=A%20%26%20B&metadata[a]=1&metadata[b]=2&preferred_locales[]=de&preferred_locales[]=en&invoice_settings[custom_fields][0][name]=PO&invoice_settings[custom_fields][0][value]=7';
    const answered = (await (await raw('/v1/customers', { method: 'POST', body })).json()) as Stripe.Customer;
    expect(answered).toMatchObject({
      name: 'A & B',
      metadata: { a: '1', b: '2' },
      preferred_locales: ['de', 'en'],
      invoice_settings: { custom_fields: [{ name: 'PO', value: '7' }] },
    });
  });

  it.each(['a[b', '[a]=1', 'name=x&name[y]=1', 'metadata[a]=1&metadata=2'])(
    'is refused where it makes no sense: %s',
    async (body) => {
      expect((await raw('/v1/customers', { method: 'POST', body })).status).toBe(400);
    },
  );

  it('clears a field with an empty text, and a key of metadata', async () => {
    const { id } = await stripe.customers.create({ name: 'A', metadata: { a: '1', b: '2' }, address: { line1: 'x' } });
    const cleared = await stripe.customers.update(id, { name: '', metadata: { a: '', c: '3' }, address: '' });
    expect(cleared).toMatchObject({ name: null, metadata: { b: '2', c: '3' }, address: null });
    expect((await stripe.customers.update(id, { metadata: '' })).metadata).toEqual({});
  });

  it('is JSON in v2', async () => {
    const answered = await raw('/v2/core/accounts', { method: 'POST', body: 'display_name=x' });
    expect(answered.status).toBe(400);
    expect(await stripe.v2.core.accounts.create({ display_name: 'x' })).toMatchObject({ display_name: 'x' });
  });
});

describe('expand', () => {
  it('puts an object in the place of its id, also below another and in each of a list', async () => {
    const { id } = await stripe.customers.create({ tax_id_data: [{ type: 'eu_vat', value: 'DE123456789' }] });
    const session = await stripe.checkout.sessions.create({
      mode: 'setup',
      currency: 'eur',
      customer: id,
      success_url: 'https://parley.example',
      expand: ['setup_intent.customer'],
    });
    expect(session.setup_intent).toMatchObject({ object: 'setup_intent', customer: { id, object: 'customer' } });
    const { data } = await stripe.customers.list({ expand: ['data.tax_ids'] });
    expect(data[0]?.tax_ids?.data[0]).toMatchObject({ value: 'DE123456789', customer: id });
    expect((await stripe.customers.retrieve(id)) as Stripe.Customer).not.toHaveProperty('tax_ids');
  });

  it('leaves null as it is, and refuses what cannot be expanded or lies too deep', async () => {
    const { id } = await stripe.customers.create();
    expect(await stripe.customers.retrieve(id, { expand: ['default_source'] })).toMatchObject({ default_source: null });
    for (const path of ['name_of_nothing', 'tax_ids.a.b.c.d'])
      expect(await refusal(stripe.customers.retrieve(id, { expand: [path] }))).toMatchObject({
        statusCode: 400,
        param: 'expand',
      });
  });
});

describe('lists', () => {
  it('go by pages, the newest first, in both directions, and miss nothing', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n++) made.unshift((await stripe.customers.create({ name: `${n}` })).id);
    const ids = (page: Stripe.ApiList<Stripe.Customer>) => page.data.map(({ id }) => id);
    const first = await stripe.customers.list({ limit: 3 });
    expect({ ids: ids(first), more: first.has_more, url: first.url }).toEqual({
      ids: made.slice(0, 3),
      more: true,
      url: '/v1/customers',
    });
    const second = await stripe.customers.list({ limit: 3, starting_after: made[2]! });
    expect(ids(second)).toEqual(made.slice(3, 6));
    const back = await stripe.customers.list({ limit: 2, ending_before: made[3]! });
    expect({ ids: ids(back), more: back.has_more }).toEqual({ ids: made.slice(1, 3), more: true });
    const all = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(made);
  });

  it('filter by time, in seconds of the market clock', async () => {
    await stripe.customers.create({ name: 'before' });
    await test.advance(test.clock.now() + HOUR_MS);
    const second = test.clock.now() / 1_000;
    await stripe.customers.create({ name: 'after' });
    const within = async (created: Stripe.RangeQueryParam) =>
      (await stripe.customers.list({ created })).data.map(({ name }) => name);
    expect(await within({ gte: second })).toEqual(['after']);
    expect(await within({ lt: second })).toEqual(['before']);
  });

  it('of v2 lead to the next page by its address', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.unshift((await stripe.v2.core.accounts.create({ display_name: `${n}` })).id);
    const first = await stripe.v2.core.accounts.list({ limit: 2 });
    expect(first.data.map(({ id }) => id)).toEqual(made.slice(0, 2));
    expect(first.next_page_url).toMatch(/^\/v2\/core\/accounts\?/);
    const all = await stripe.v2.core.accounts.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ id }) => id)).toEqual(made);
  });
});

describe('a key of idempotency', () => {
  const key = { idempotencyKey: 'cus:co_a:a0' };

  it('brings the first answer back for a day by the market clock', async () => {
    const first = await stripe.customers.create({ name: 'A' }, key);
    const again = await stripe.customers.create({ name: 'A' }, key);
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(again.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    await test.advance(test.clock.now() + 24 * HOUR_MS);
    expect((await stripe.customers.create({ name: 'A' }, key)).id).not.toBe(first.id);
  });

  it('is refused with other parameters or another path', async () => {
    const { id } = await stripe.customers.create({ name: 'A' }, key);
    const mismatch = { statusCode: 400, rawType: 'idempotency_error' };
    expect(await refusal(stripe.customers.create({ name: 'B' }, key))).toMatchObject(mismatch);
    expect(await refusal(stripe.customers.update(id, { name: 'A' }, key))).toMatchObject(mismatch);
  });

  it('remembers a refusal once the work had begun, but not one of the parameters', async () => {
    expect(await refusal(stripe.customers.create({ nam: 'x' } as never, key))).toMatchObject({
      code: 'parameter_unknown',
    });
    const { id } = await stripe.customers.create({ name: 'A' }, key);
    const other = { idempotencyKey: 'pm' };
    const attach = () => stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: id }, other);
    expect(await refusal(attach())).toMatchObject({ statusCode: 402, code: 'card_declined' });
    const again = await attach().catch((error: Stripe.errors.StripeCardError) => error);
    expect(again).toMatchObject({ statusCode: 402, headers: { 'idempotent-replayed': 'true' } });
  });

  it('is refused while its request has not ended', async () => {
    test.switches.fault({ slowMs: 150 });
    const first = stripe.customers.create({ name: 'A' }, key);
    await new Promise((done) => setTimeout(done, 30));
    expect(await refusal(stripe.customers.create({ name: 'A' }, key))).toMatchObject({
      statusCode: 409,
      code: 'idempotency_key_in_use',
    });
    await first;
    expect(await names()).toEqual(['A']);
  });
});

describe('the switches of requests', () => {
  const key = { idempotencyKey: 'k' };
  const create = () => stripe.customers.create({ name: 'A' }, key);

  it('answer 500 after the commit: the object is there, and the key repeats the 500', async () => {
    test.switches.fault('error_after_commit');
    for (let n = 0; n < 2; n++)
      expect(await refusal(create())).toMatchObject({ statusCode: 500, rawType: 'api_error' });
    expect(await names()).toEqual(['A']);
  });

  it('answer 500 before anything is done: the key repeats the 500, and nothing is there', async () => {
    test.switches.fault('error_before');
    for (let n = 0; n < 2; n++) expect(await refusal(create())).toMatchObject({ statusCode: 500 });
    expect(await names()).toEqual([]);
  });

  it('answer 429 and forget it', async () => {
    test.switches.fault('rate_limit', { times: 2 });
    for (let n = 0; n < 2; n++) expect(await refusal(create())).toMatchObject({ statusCode: 429, code: 'rate_limit' });
    await create();
    expect(await names()).toEqual(['A']);
  });

  it('cut the connection after the commit: the same key finds what was made', async () => {
    test.switches.fault('cut_after_commit', { path: '/v1/customers', method: 'POST', times: 2 });
    await expect(create()).rejects.toThrow('connection');
    const found = await create();
    expect(found.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await names()).toEqual(['A']);
  });

  it('fit the requests that they name, and no others', async () => {
    test.switches.fault('rate_limit', { path: /^\/v1\/setup_intents/, skip: 1 });
    await create();
    await stripe.setupIntents.create({});
    expect(await refusal(stripe.setupIntents.create({}))).toMatchObject({ statusCode: 429 });
    await stripe.setupIntents.create({});
  });
});

it('takes back all that a refused request wrote', async () => {
  const before = (await test.events()).length;
  const taxIds = [
    { type: 'eu_vat', value: 'DE123456789' },
    { type: 'eu_vat', value: 'not one' },
  ] as const;
  expect(await refusal(stripe.customers.create({ name: 'A', tax_id_data: [...taxIds] }))).toMatchObject({
    code: 'tax_id_invalid',
  });
  expect(await names()).toEqual([]);
  expect((await test.events()).length).toBe(before);
});

it('says which request and version answered', async () => {
  const { lastResponse } = await stripe.customers.create();
  expect(lastResponse.requestId).toMatch(/^req_/);
  expect(lastResponse.apiVersion).toBe(stripe.getApiField('version'));
});
