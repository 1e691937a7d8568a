/** What the meter at Stripe counts, from the ledger's lists, over the real engine and the stand-in. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureCustomer } from '../../shared/billing-profile/customer.store.ts';
import { financeDueAt } from '../../shared/dispatch/finance-due.store.ts';
import { monthOf } from '../../shared/kernel/time.ts';
import { compareMoney } from '../../shared/reconciliation/compare.store.ts';
import { readMark, WITNESS_DUE } from '../../shared/witness/mark.store.ts';
import { countedAtStripe, meterErrors, readParts, sweepWitness } from '../../shared/witness/witness.store.ts';
import { identifierOf, METER_EVENT, type MeterPart } from '../../shared/witness/witness.ts';
import { TestBilling } from '../support/billing.ts';
import { untilCrash } from '../support/crash.ts';
import { startTestTables, type TestTables } from '../support/engine.ts';
import { must } from '../support/round.ts';
import { startTestStripe, type TestStripe } from '../support/stripe.ts';

const START = Date.parse('2026-01-12T09:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let engine: TestTables;
let stripe: TestStripe;
let billing: TestBilling;

beforeEach(async () => {
  engine = await startTestTables();
  stripe = await startTestStripe({ clock: { now: () => billing?.now ?? START }, seed: 'witness' });
  billing = new TestBilling(engine.tables, stripe.stripe, START);
  return async () => {
    await stripe.stop();
    await engine.stop();
  };
});

/** A sweep that is due now, whatever quarter of the day it is. */
const sweep = async () => {
  const call = billing.call();
  if ((await readMark(call)) !== undefined)
    await call.tables.update(
      'ledger',
      { pk: 'WITNESS', sk: '-' },
      { set: financeDueAt(call.now, WITNESS_DUE, 'hour') },
    );
  return sweepWitness(call);
};
const charges = async (company: string, count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await billing.charge(company, { micros: 1_000_000 });
};
const all = { from: START - 40 * DAY, to: START + 40 * DAY };
const partsOf = (company: string): Promise<MeterPart[]> => readParts(billing.call(), company, all);
const countedOf = async (company: string, by: 'hour' | 'day' = 'hour'): Promise<[string, number][]> => {
  const customer = must(await ensureCustomer(billing.call(), company));
  const counted = await countedAtStripe(billing.call(), customer, all, by);
  return [...counted].sort(([a], [b]) => a - b).map(([at, count]) => [new Date(at).toISOString().slice(0, 13), count]);
};
const meterBreaks = async (since: number) => {
  const { breaks } = await compareMoney(billing.call(), { since, creditOf: 'all' });
  return breaks.filter(({ comparison }) => comparison === 'meter');
};

describe('the witness meter', () => {
  it('counts each company’s settled resolutions once by the hour of posting, of hours that are over', async () => {
    const [acme, small] = [await billing.company('acme'), await billing.company('small', null)];
    await charges(acme, 3);
    must(await ensureCustomer(billing.call(), acme));
    billing.now = START + HOUR;
    await charges(acme, 2);
    await charges(small, 1);
    billing.now = START + HOUR + 5 * MINUTE;
    await sweep();
    // A writer of the first hour may still be at it.
    expect(await partsOf(acme)).toEqual([]);
    billing.now = START + HOUR + 7 * MINUTE;
    await sweep();
    expect(await countedOf(acme)).toEqual([['2026-01-12T09', 3]]);
    billing.now = START + 2 * HOUR + 7 * MINUTE;
    for (let times = 0; times < 3; times++) await sweep();
    expect(await countedOf(acme)).toEqual([
      ['2026-01-12T09', 3],
      ['2026-01-12T10', 2],
    ]);
    // Nobody set up a profile, and still it is counted.
    expect(await countedOf(small, 'day')).toEqual([['2026-01-12T00', 1]]);
    expect((await partsOf(acme)).map(identifierOf)).toEqual([
      `mtr:${acme}:2026-01-12T09:0`,
      `mtr:${acme}:2026-01-12T10:0`,
    ]);
    const { data } = await stripe.stripe.billing.meters.list();
    expect(data.map(({ event_name: name }) => name)).toEqual([METER_EVENT]);
    expect(await meterBreaks(START - DAY)).toEqual([]);
  });

  it('counts a charge of the last month that is posted in this one, in whichever list it stands', async () => {
    billing.now = Date.parse('2026-02-01T00:10:00Z');
    const acme = await billing.company('acme');
    must(await ensureCustomer(billing.call(), acme));
    await billing.charge(acme, { micros: 5 }, Date.parse('2026-01-31T23:50:00Z'));
    await billing.charge(acme, { micros: 5 });
    billing.now += 2 * HOUR;
    await sweep();
    expect(monthOf(billing.now)).toBe('2026-02');
    expect(await countedOf(acme)).toEqual([['2026-02-01T00', 2]]);
  });

  it('counts once, wherever a sweep dies', async () => {
    const acme = await billing.company('acme');
    must(await ensureCustomer(billing.call(), acme));
    await charges(acme, 4);
    billing.now += 2 * HOUR;
    let deaths = 0;
    const dies = async (when: 'before' | 'after'): Promise<boolean> =>
      untilCrash(engine.tables, ++deaths, when, (tables) => sweepWitness(billing.call(tables)));
    while ((await dies('after')) || (await dies('before')));
    expect(deaths).toBeGreaterThan(5);
    expect(await countedOf(acme)).toEqual([['2026-01-12T09', 4]]);
    expect((await readMark(billing.call()))?.through).toBe(START + 2 * HOUR - HOUR);
  });

  it('sends again what Stripe lost, within a day, under the same identifier; after that it is reported', async () => {
    const acme = await billing.company('acme');
    must(await ensureCustomer(billing.call(), acme));
    await charges(acme, 4);
    billing.now += 2 * HOUR;
    await sweep();
    const [part] = await partsOf(acme);
    const identifier = identifierOf(part as MeterPart);
    const lose = () =>
      stripe.stripe.billing.meterEventAdjustments.create({
        event_name: METER_EVENT,
        type: 'cancel',
        cancel: { identifier },
      });
    await lose();
    expect(await countedOf(acme)).toEqual([]);
    billing.now += 20 * HOUR;
    expect(await meterBreaks(START)).toEqual([]);
    expect(await countedOf(acme)).toEqual([['2026-01-12T09', 4]]);
    await lose();
    billing.now += 5 * HOUR;
    await sweep();
    expect(await meterBreaks(START)).toMatchObject([
      {
        kind: 'missing_at_stripe',
        subject: `${acme} 2026-01-12`,
        ledger: 4,
        stripe: null,
        done: ['reported'],
        party: acme,
      },
    ]);
    expect(await countedOf(acme)).toEqual([]);
  });

  it('reports what Stripe counts too much of', async () => {
    const acme = await billing.company('acme');
    const customer = must(await ensureCustomer(billing.call(), acme));
    await charges(acme, 1);
    billing.now += 2 * HOUR;
    await sweep();
    const payload = { stripe_customer_id: customer, value: '7' };
    await stripe.stripe.billing.meterEvents.create({ event_name: METER_EVENT, payload, timestamp: START / 1_000 });
    billing.now += 2 * DAY;
    await sweep();
    expect(await meterBreaks(START)).toMatchObject([{ kind: 'amount_differs', ledger: 1, stripe: 8, currency: null }]);
  });

  it('takes up what Stripe took and then could not count, and says with which error', async () => {
    const acme = await billing.company('acme');
    must(await ensureCustomer(billing.call(), acme));
    await charges(acme, 2);
    billing.now += 2 * HOUR;
    await sweep();
    const [part] = (await partsOf(acme)) as [MeterPart];
    await stripe.stripe.billing.meterEventAdjustments.create({
      event_name: METER_EVENT,
      type: 'cancel',
      cancel: { identifier: identifierOf(part) },
    });
    // As if the part's customer had not been there.
    const payload = { stripe_customer_id: 'cus_nobody', value: '2' };
    await stripe.stripe.billing.meterEvents.create({
      event_name: METER_EVENT,
      identifier: identifierOf(part),
      payload,
    });
    await stripe.advance(0);
    billing.now += MINUTE;
    await stripe.advance(0);
    const events = await stripe.stripe.v2.core.events.list({ limit: 20 });
    const report = events.data.find(({ type }) => type === 'v1.billing.meter.error_report_triggered');
    expect(await meterErrors(billing.call(), report?.id ?? '')).toEqual([
      { code: 'meter_event_customer_not_found', count: 1 },
    ]);
    expect(await meterBreaks(START)).toEqual([]);
    expect(await countedOf(acme)).toEqual([['2026-01-12T09', 2]]);
  });
});
