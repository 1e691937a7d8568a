/** The ledger against Stripe, to the cent, over the routes that people use and the sweep of every night. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler as exportApi } from '../../functions/api/export.ts';
import { handler } from '../../functions/api/money.ts';
import { reconcile, sweepReconciliations } from '../../functions/reconciliation.ts';
import { type TableConfig, Tables } from '../../shared/kernel/table.ts';
import { readBooks } from '../../shared/reconciliation/ledger-side.store.ts';
import { takeReconciliation } from '../../shared/reconciliation/reconciliation.store.ts';
import type { Break, Reconciliation } from '../../shared/reconciliation/reconciliation.ts';
import type { StripeCall } from '../../shared/stripe-call/stripe-call.store.ts';
import { CashWorld } from '../support/cash.ts';
import { untilCrash } from '../support/crash.ts';

const ADA = 'co_ada1';
const EVE = 'co_eve1';
const WHOLE = { mayGoOn: () => true };
const idOf = (company: string, version = 0) => `${company}.USD.2025-12.v${version}`;
let world: CashWorld;
let token: string;
beforeEach(async () => {
  world = await CashWorld.open();
  token = await world.edge.operator('finance', ['market.finance']);
});
afterEach(() => world.stop());

const start = () => world.edge.call(handler, 'POST /v1/reconciliations', { token, body: { day: '2026-01-05' } });
const run = async (): Promise<Reconciliation & { found: Break[] }> => {
  const started = await start();
  expect(started.status).toBe(202);
  await world.sweep();
  return withBreaks(String(started.body.id));
};
/** A reconciliation with all pages of its breaks, two a page. */
const withBreaks = async (id: string): Promise<Reconciliation & { found: Break[] }> => {
  const at = { token, params: { reconciliation: id } };
  const read = await world.edge.call(handler, 'GET /v1/reconciliations/{reconciliation}', at);
  const found: Break[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: '2', ...(cursor === undefined ? {} : { cursor }) };
    const page = await world.edge.call(handler, 'GET /v1/reconciliations/{reconciliation}/breaks', { ...at, query });
    const { items = [], next } = page.body as unknown as { items?: Break[]; next?: string | null };
    found.push(...items);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return { ...(read.body as unknown as Reconciliation), found };
};
const pay = async (company: string, cents: number, version = 0) => {
  const invoice = await world.invoice(company, cents, version);
  await world.test.stripe.invoices.pay(invoice.id);
  await world.settle();
  return invoice;
};

describe('a reconciliation', () => {
  it('is clean after payments, a chargeback, a top-up and a payout, and says how much it looked at', async () => {
    await pay(ADA, 100_00);
    const eves = await pay(EVE, 250_50);
    await world.invoice(ADA, 75_25, 1);
    await world.test.stripe.topups.create({ amount: 500_00, currency: 'usd' });
    await world.settle();
    await world.advance(3 * world.day);
    await world.test.stripe.payouts.create({ amount: 120_00, currency: 'usd' });
    world.test.switches.act('chargeback', { invoice: eves.id, amount: 50_00 });
    await world.settle();
    await world.advance(3 * world.day);
    const found = await run();
    expect(found).toMatchObject({ state: 'done', breaks: 0, serious: 0, stopsClose: false, found: [] });
    const looked = Object.fromEntries(found.compared.map(({ comparison, subjects }) => [comparison, subjects]));
    // One open invoice, and three that are final with sum, lines and tax; the payout twice.
    expect(looked).toMatchObject({ invoices: 1 + 3 * 3, bank: 2 });
    expect(await reconcile(world.edge.runtime, world.call(), '2026-01', WHOLE)).toBeNull();
  });

  it('fetches again what never came, and finds nothing any more', async () => {
    world.test.switches.webhooks(() => 'lose');
    await pay(ADA, 100_00);
    expect(await world.balances()).toEqual({ '1100': -100_00, '1200': 100_00 });
    expect(await run()).toMatchObject({ breaks: 0 });
    expect(await world.balances()).toEqual({ '1100': -100_00, '1300': 96_80, '5100': 3_20 });
  });

  it('reports each break with its kind, stops the close, and raises an alarm', async () => {
    await pay(ADA, 100_00);
    const open = await world.invoice(EVE, 40_00);
    await world.advance(3 * world.day);
    // Somebody acts at Stripe behind the market's back, and an entry is wrong.
    await world.test.stripe.invoices.voidInvoice(open.id);
    const customer = await world.customerOf(ADA);
    await world.test.stripe.customers.createBalanceTransaction(customer, { amount: -7_00, currency: 'usd' });
    await world.post('wrong', 'adjustment', null, 'USD', [
      ['1310', null, 1],
      ['5100', null, -1],
    ]);
    world.test.switches.act('move_balance', { amount: 2_00, currency: 'usd', type: 'contribution' });
    await world.advance(2 * world.day);
    const found = await run();
    const brief = found.found.map(({ comparison, kind, subject, ledger, stripe }) => [
      comparison,
      kind,
      subject,
      ledger,
      stripe,
    ]);
    expect(brief).toEqual([
      ['invoices', 'missing_at_stripe', idOf(EVE), 40_000_000, null],
      ['customer_credit', 'missing_in_ledger', ADA, null, 7_000_000],
      ['stripe_balance', 'amount_differs', '1310', 98_810_000, 98_800_000],
      ['stripe_balance', 'unknown', '1390', -2_000_000, null],
    ]);
    expect(found).toMatchObject({ breaks: 4, serious: 4, stopsClose: true });
    const alarms = world.edge.lines.filter(({ fields }) => fields.alarm === 'reconciliation_break');
    expect(alarms.length).toBeGreaterThanOrEqual(4);
    expect(await reconcile(world.edge.runtime, world.call(), '2026-01', WHOLE)).toContain(idOf(EVE));
    const params = { reconciliation: found.id };
    const csv = await world.edge.call(handler, 'GET /v1/reconciliations/{reconciliation}/csv', { token, params });
    expect(csv.text.split('\r\n').slice(0, 2)).toEqual([
      'day,reconciliation,comparison,kind,subject,party,currency,ledger,stripe,done',
      `2026-01-05,${found.id},invoices,missing_at_stripe,${idOf(EVE)},${EVE},USD,40.00,,fetched_again close_stops`,
    ]);
    const file = (period: string) =>
      world.edge.call(exportApi, 'GET /v1/exports/{kind}/csv', {
        token,
        params: { kind: 'reconciliation' },
        query: { period },
      });
    // The close asked for another one.
    const month = (await file('2026-01')).text.trim().split('\r\n');
    expect(month.filter((row) => row.startsWith('2026-01-05,'))).toEqual(csv.text.trim().split('\r\n').slice(1));
    expect((await file('2026-02')).text.trim().split('\r\n')).toHaveLength(1);
  });

  it('finds by night a credit that was changed at Stripe, and still sees it in the nights after', async () => {
    await pay(ADA, 100_00);
    await world.advance(3 * world.day);
    const customer = await world.customerOf(ADA);
    await world.test.stripe.customers.createBalanceTransaction(customer, { amount: -7_00, currency: 'usd' });
    const newest = async () => {
      await world.advance(world.day);
      const { items } = (await world.edge.call(handler, 'GET /v1/reconciliations', { token })).body;
      return (items as Reconciliation[])[0];
    };
    for (let night = 1; night <= 4; night++)
      expect(await newest()).toMatchObject({ askedBy: null, state: 'done', breaks: 1, stopsClose: true });
    await world.test.stripe.customers.createBalanceTransaction(customer, { amount: 7_00, currency: 'usd' });
    expect(await newest()).toMatchObject({ askedBy: null, state: 'done', breaks: 0 });
  });

  it('reads who has an open invoice again by night only once that has moved, and sees each posting whenever it comes', async () => {
    for (const company of [ADA, EVE]) await world.invoice(company, 100_00);
    const wrong = (event: string, micros: number) =>
      world.post(event, 'adjustment', EVE, 'USD', [
        ['1200', idOf(EVE), micros],
        ['1100', EVE, -micros],
      ]);
    const night = async () => {
      world.edge.consumed.splice(0);
      await world.advance(world.day);
      const { items } = (await world.edge.call(handler, 'GET /v1/reconciliations', { token })).body;
      const own = world.edge.consumed.filter(({ command }) => command === 'finance:reconciliation');
      const calls = own.reduce((sum, { consumed }) => sum + consumed.calls, 0);
      return { calls, breaks: (items as Reconciliation[])[0]?.breaks };
    };
    const [first, second] = [await night(), await night()];
    expect([first.breaks, second.breaks]).toEqual([0, 0]);
    expect(second.calls).toBeLessThanOrEqual(first.calls - 4);
    await wrong('wrong', 10_000);
    expect([(await night()).breaks, (await night()).breaks]).toEqual([1, 1]);
    await wrong('right again', -10_000);
    expect([(await night()).breaks, (await night()).breaks]).toEqual([0, 0]);
  });

  it('looks for who has moved once more where something was posted meanwhile, before it looks at everybody', async () => {
    const open = await world.invoice(EVE, 40_00);
    const config = world.engine.tables.owner as TableConfig;
    let listed = 0;
    const send = (command: Parameters<DynamoDBClient['send']>[0]): Promise<unknown> => {
      listed += JSON.stringify(command.input).includes('ORGANISATIONS#company') ? 1 : 0;
      return config.client.send(command);
    };
    const tables = new Tables({ ...config, client: { send } as unknown as DynamoDBClient });
    const call: StripeCall = { ...world.call(), tables, shared: new Map() };
    // Nobody was found before the invoice became final.
    const posted = { changed: new Set<string>(), since: world.edge.now };
    const booksOf = await readBooks(call, [], posted);
    expect(Object.fromEntries(booksOf('USD').of('1200'))).toEqual({ [String(open.metadata?.parley)]: 40_000_000 });
    expect(listed).toBe(0);
    // Where nothing was posted since, and it is somebody's all the same, everybody is looked at.
    const later = { ...posted, since: world.edge.now + 2 * world.day };
    const other = new Tables({ ...config, client: { send } as unknown as DynamoDBClient });
    const again = await readBooks({ ...call, tables: other, now: later.since, shared: new Map() }, [], later);
    expect(Object.fromEntries(again('USD').of('1200'))).toEqual({ [String(open.metadata?.parley)]: 40_000_000 });
    expect(listed).toBeGreaterThan(0);
  });

  it('goes on where it stopped, whatever dies in between, and finds in small steps what it finds at once', async () => {
    for (const cents of [100_00, 200_00, 300_00]) await pay(cents === 200_00 ? EVE : ADA, cents, cents);
    // A line of an invoice is wrong here: it was posted with a cent more.
    const wrong = await world.invoice(EVE, 50_00, 9);
    await world.post(`wrong#${wrong.id}`, 'adjustment', EVE, 'USD', [
      ['1200', idOf(EVE, 9), 10_000],
      ['1100', EVE, -10_000],
    ]);
    await world.test.stripe.topups.create({ amount: 500_00, currency: 'usd' });
    await world.settle();
    await world.advance(3 * world.day);
    const whole = await run();
    expect(whole).toMatchObject({ state: 'done', breaks: 1, stopsClose: true });
    world.edge.now += 1;
    const { id } = (await start()).body;
    const small = { mayGoOn: () => false, chunks: { companies: 1, invoices: 1 } };
    let steps = 0;
    for (let isOver = false; !isOver; steps++) {
      // Every other one dies right after it was taken, and is taken again when it cannot be at it any more.
      if (steps % 2 === 1) {
        await takeReconciliation(world.call(), String(id));
        world.edge.now += 6 * 60_000;
      }
      await sweepReconciliations(world.call(), world.edge.runtime, small);
      world.edge.now += 1;
      const { state, compared, breaks, found } = await withBreaks(String(id));
      isOver = state !== 'running';
      if (isOver)
        expect({ state, compared, breaks, found }).toEqual({
          state: 'done',
          compared: whole.compared,
          breaks: whole.breaks,
          found: whole.found,
        });
    }
    // Four invoices, one at a time, and the rest.
    expect(steps).toBe(4);
    // The close compares in the same way, and begins anew once it has said what it found.
    for (let times = 0; times < 2; times++) {
      const said: (string | null)[] = [];
      while (!said.at(-1)?.includes('Stripe nothing') && !said.at(-1)?.includes(idOf(EVE, 9)) && said.length < 9)
        said.push(await reconcile(world.edge.runtime, world.call(), '2026-01', small));
      expect(said).toHaveLength(4);
      expect(said[0]).toContain('goes on by itself');
    }
  });

  it('says the same when it ends, whatever call of it was the last of one that died', async () => {
    for (const [company, cents] of [
      [ADA, 100_00],
      [EVE, 200_00],
    ] as const)
      await pay(company, cents);
    const open = await world.invoice(ADA, 40_00, 1);
    await world.advance(3 * world.day);
    await world.test.stripe.invoices.voidInvoice(open.id);
    await world.advance(2 * world.day);
    const { compared, found } = await run();
    expect(found).toHaveLength(1);
    const small = { mayGoOn: () => false, chunks: { companies: 1, invoices: 1 } };
    let [ended, crashes, id] = [0, 0, ''];
    for (const when of ['before', 'after'] as const)
      for (let at = 1; at < 40; at += 3) {
        const read = await withBreaks(id);
        if (read.state === 'done') {
          expect({ compared: read.compared, found: read.found }).toEqual({ compared, found });
          ended += 1;
        }
        world.edge.now += 7 * 60_000;
        if (read.state !== 'running') id = String((await start()).body.id);
        // One dies at its next call but so many, and is gone on with by a later one.
        const work = (tables: Tables) => sweepReconciliations({ ...world.call(), tables }, world.edge.runtime, small);
        if (await untilCrash(world.engine.tables, at, when, work)) crashes += 1;
        for (let more = 0; more < 2; more++) {
          world.edge.now += 7 * 60_000;
          await sweepReconciliations(world.call(), world.edge.runtime, small);
        }
      }
    expect(crashes).toBeGreaterThan(10);
    expect(ended).toBeGreaterThan(5);
  }, 120_000);

  it('runs one at a time, every night by itself, and what died makes room', async () => {
    const first = await start();
    expect(first.status).toBe(202);
    const second = await world.edge.call(handler, 'POST /v1/reconciliations', { token, body: {} });
    world.edge.now += 1;
    const third = await start();
    expect([third.status, third.body.code]).toEqual([409, 'still_running']);
    expect([200, 202, 409]).toContain(second.status);
    // Whoever took it up died at once, again and again.
    for (let times = 0; times < 3; times++) {
      expect(await takeReconciliation(world.call(), String(first.body.id))).toBeDefined();
      expect(await takeReconciliation(world.call(), String(first.body.id))).toBeUndefined();
      world.edge.now += 6 * 60_000;
    }
    await world.sweep();
    const list = async () =>
      (await world.edge.call(handler, 'GET /v1/reconciliations', { token })).body.items as Reconciliation[];
    expect((await list()).map(({ state }) => state)).toEqual(['failed']);
    await world.advance(world.day);
    // The night of the sixth looks at the fifth.
    expect(await list()).toMatchObject([{ state: 'done', day: '2026-01-05', askedBy: null }, { state: 'failed' }]);
  });
});
