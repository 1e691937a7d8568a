/**
 * The market's cash between our ledger and the stand-in for Stripe: webhooks go over HTTP to the function that takes them
 * in, messages wait until they are worked, and the market clock stands until it is moved. Invoices are made and posted as
 * the close of a month does, by hand.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Stripe from 'stripe';
import { sweepFinance } from '../../functions/finance.ts';
import type { Destination } from '../../infra/local/stripe/context.ts';
import { Invoice } from '../../shared/invoice/invoice.ts';
import { timeKey } from '../../shared/kernel/id.ts';
import { microsOfCents } from '../../shared/kernel/money.ts';
import { DAY, iso } from '../../shared/kernel/time.ts';
import { StoredEntry } from '../../shared/ledger/entry.ts';
import { post } from '../../shared/ledger/ledger.store.ts';
import type { AccountCode, EntryView } from '../../shared/ledger/ledger.ts';
import { organisationKey } from '../../shared/organisation/organisation.store.ts';
import type { StripeCall } from '../../shared/stripe-call/stripe-call.store.ts';
import { beginSweeps } from '../../shared/stripe-event/stripe-event.store.ts';
import { STRIPE_DESTINATIONS } from '../../shared/stripe-event/stripe-event.ts';
import { TestEdge } from './edge.ts';
import { startTestTables, type TestTables } from './engine.ts';
import { allEntriesOf } from './entries.ts';
import { startTestStripe, type TestStripe } from './stripe.ts';

const START = Date.UTC(2026, 0, 5, 9);
export const secretOf = (destination: string): string => `whsec_${destination}`;

export class CashWorld {
  readonly engine: TestTables;
  readonly edge: TestEdge;
  readonly test: TestStripe;
  private readonly endServer: () => Promise<void>;
  /** Events whose messages wait. */
  readonly waiting: { event: string }[] = [];
  /** Work towards Stripe that waits. */
  private readonly outgoing: unknown[] = [];
  private readonly customers = new Map<string, string>();
  private product: Promise<Stripe.Product> | undefined;
  private serial = 0;

  private constructor(engine: TestTables, edge: TestEdge, test: TestStripe, endServer: () => Promise<void>) {
    this.engine = engine;
    this.edge = edge;
    this.test = test;
    this.endServer = endServer;
  }

  static async open(seed?: string): Promise<CashWorld> {
    const engine = await startTestTables();
    const edge = new TestEdge(engine.tables);
    edge.now = START;
    const server = await takeIn(edge);
    const destinations = STRIPE_DESTINATIONS.map(
      (id): Destination => ({ id, url: `${server.url}/v1/stripe/${id}`, secret: secretOf(id) }),
    );
    const clock = { now: () => edge.now };
    const test = await startTestStripe({ clock, destinations, ...(seed === undefined ? {} : { seed }) });
    const world = new CashWorld(engine, edge, test, server.stop);
    Object.assign(edge.runtime, {
      stripeAccess: async () => test.access,
      stripeSecrets: async () => Object.fromEntries(STRIPE_DESTINATIONS.map((id) => [id, [secretOf(id)]])),
      send: async (queue: string, bodies: CashWorld['waiting']) => {
        if (queue === 'stripe-in') world.waiting.push(...bodies);
        if (queue === 'stripe-out') world.outgoing.push(...bodies);
      },
    });
    await beginSweeps(world.call());
    return world;
  }

  async stop(): Promise<void> {
    await this.test.stop();
    await this.endServer();
    await this.engine.stop();
  }

  call(): StripeCall {
    return {
      tables: this.engine.tables,
      now: this.edge.now,
      stripe: this.test.stripe,
      hurry: (queue, bodies) => this.edge.runtime.send(queue, bodies),
    };
  }

  /** Delivers what Stripe has to tell, and works it, until nothing is left. Answers what failed. */
  async settle(order: (events: CashWorld['waiting']) => CashWorld['waiting'] = (events) => events): Promise<unknown[]> {
    const incoming = (await import('../../functions/queue/stripe-in.ts')).handler;
    const outgoing = (await import('../../functions/queue/stripe-out.ts')).handler;
    const failed: unknown[] = [];
    const work = async (handler: typeof incoming, body: unknown): Promise<void> => {
      const record = { messageId: `m${++this.serial}`, body: JSON.stringify(body), attributes: {} };
      const answer = await handler({ Records: [record] } as never);
      if (answer.batchItemFailures.length > 0) failed.push(body, ...this.edge.lines.filter((l) => l.level === 'error'));
    };
    for (;;) {
      for (const body of this.outgoing.splice(0)) await work(outgoing, body);
      await this.test.switches.settled();
      const batch = order(this.waiting.splice(0));
      if (batch.length === 0 && this.outgoing.length === 0) return failed;
      for (const body of batch) await work(incoming, body);
    }
  }

  /** Moves both clocks, and works what became due: at Stripe first, then here. */
  async advance(ms: number): Promise<void> {
    this.edge.now += ms;
    this.test.switches.tick();
    await this.settle();
    await this.sweep();
  }

  /** The schedule of money, as it runs every few minutes, and what it sends for. */
  async sweep(): Promise<void> {
    await sweepFinance(this.edge.runtime, this.edge.now);
    await this.settle();
  }

  /** A company's customer, who pays by a card of Stripe's for tests. */
  async customerOf(company: string, method = 'pm_card_visa'): Promise<string> {
    const known = this.customers.get(company);
    if (known !== undefined) return known;
    const { stripe } = this.test;
    await this.register(company);
    const { id } = await stripe.customers.create({ name: company, metadata: { parley: company } });
    const attached = await stripe.paymentMethods.attach(method, { customer: id });
    await stripe.customers.update(id, { invoice_settings: { default_payment_method: attached.id } });
    this.customers.set(company, id);
    await this.register(company);
    return id;
  }

  /** A company under an id of the test's own, as if it had registered before. */
  private async register(company: string): Promise<void> {
    const createdAt = START - 60 * DAY;
    await this.engine.tables.put('market', {
      ...organisationKey(company),
      id: company,
      kind: 'company',
      name: company,
      providerKind: null,
      status: 'approved',
      creditLimitMicros: 0,
      qualityBps: null,
      createdAt,
      registeredBy: company,
      registeredWith: company,
      opk: 'ORGANISATIONS#company',
      osk: `${timeKey(createdAt)}#${company}`,
    });
  }

  /** Makes an invoice final, here and at Stripe, and posts it. It is not collected. Answers Stripe's. */
  async invoice(company: string, cents: number, version = 0, currency: 'USD' | 'EUR' = 'USD'): Promise<Stripe.Invoice> {
    const { stripe } = this.test;
    const customer = await this.customerOf(company);
    const id = `${company}.${currency}.2025-12.v${version}`;
    const code = currency.toLowerCase();
    const draft = await stripe.invoices.create({
      customer,
      currency: code,
      auto_advance: false,
      metadata: { parley: id },
    });
    this.product ??= stripe.products.create({ name: 'Resolutions' });
    const { id: product } = await this.product;
    const price = { currency: code, product, tax_behavior: 'exclusive' as const, unit_amount: cents };
    await stripe.invoices.addLines(draft.id, { lines: [{ description: 'All', quantity: 1, price_data: price }] });
    const final = await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false });
    const micros = microsOfCents(cents);
    const item: Invoice = {
      id,
      company,
      currency,
      period: '2025-12',
      version,
      state: 'open',
      purchaseOrder: null,
      costCentre: null,
      subtotalMicros: micros,
      taxMicros: 0,
      totalMicros: micros,
      creditAppliedMicros: 0,
      paidMicros: 0,
      availableMicros: 0,
      automaticTax: false,
      creditedMicros: 0,
      remainingMicros: micros,
      collectionMethod: 'charge_automatically',
      daysUntilDue: 30,
      since: '2025-12',
      lines: 1,
      details: 0,
      held: null,
      writeOff: null,
      stripeInvoice: final.id,
      number: final.number,
      plannedAt: iso(this.edge.now),
      finalizedAt: iso(this.edge.now),
      dueAt: null,
      paidAt: null,
    };
    await this.engine.tables.put('ledger', { pk: `I#${id}`, sk: '-', ...item });
    await this.post(`invoice-final#${id}`, 'invoice_final', company, currency, [
      ['1200', id, cents],
      ['1100', company, -cents],
    ]);
    const applied = (final.ending_balance ?? 0) - final.starting_balance;
    if (applied !== 0)
      await this.post(`credit-applied#${id}`, 'credit_applied', company, currency, [
        ['2200', company, applied],
        ['1200', id, -applied],
      ]);
    return final;
  }

  /** Posts what another part of the market would have posted, in cents. */
  async post(
    event: string,
    kind: EntryView['kind'],
    company: string | null,
    currency: 'USD' | 'EUR',
    legs: [AccountCode, string | null, number][],
    provider: string | null = null,
  ): Promise<void> {
    await post(this.call(), {
      event,
      kind,
      company,
      provider,
      currency,
      facts: {},
      occurredAt: this.edge.now,
      legs: legs.map(([account, of, cents]) => ({
        account,
        of,
        micros: microsOfCents(cents),
      })),
    });
  }

  async readInvoice(id: string): Promise<Invoice> {
    const found = await this.engine.tables.get('ledger', { pk: `I#${id}`, sk: '-' }, Invoice, { consistent: true });
    if (found === undefined) throw new Error(`no invoice ${id}`);
    return found;
  }

  async entry(event: string): Promise<EntryView | undefined> {
    return this.engine.tables.get('ledger', { pk: `E#${event}`, sk: '-' }, StoredEntry, { consistent: true });
  }

  /** Balances in cents, debit positive, those of nothing left out: by account, or by account and owner. */
  async balances(
    by: 'account' | 'owner' = 'account',
    currency: 'USD' | 'EUR' = 'USD',
  ): Promise<Record<string, number>> {
    const entries = (await allEntriesOf(this.engine.tables)).filter((entry) => entry.currency === currency);
    const sums: Record<string, number> = {};
    for (const { account, of, micros } of entries.flatMap(({ legs }) => legs)) {
      const name = by === 'account' || of === null ? account : `${account} ${of}`;
      sums[name] = (sums[name] ?? 0) + micros / 10_000;
    }
    return Object.fromEntries(
      Object.entries(sums)
        .filter(([, cents]) => cents !== 0)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  /** Cents of the market's own balance at Stripe. */
  async stripeBalance(currency = 'usd'): Promise<{ available: number; pending: number }> {
    const balance = await this.test.stripe.balance.retrieve();
    const of = (part: { amount: number; currency: string }[]) =>
      part.find((one) => one.currency === currency)?.amount ?? 0;
    return { available: of(balance.available), pending: of(balance.pending) };
  }

  readonly day = DAY;
}

/** An HTTP server that hands what Stripe posts to the function, as the gateway does. */
export async function takeIn(edge: TestEdge): Promise<{ url: string; stop: () => Promise<void> }> {
  const { handler } = await import('../../functions/webhook/stripe.ts');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      edge.machineNow = Date.now();
      edge
        .call(handler, 'POST /v1/stripe/{destination}', {
          params: { destination: (request.url ?? '').split('/').at(-1) ?? '' },
          bytes: Buffer.concat(chunks),
          headers: { 'stripe-signature': String(request.headers['stripe-signature']) },
        })
        .then(({ status, text }) => response.writeHead(status).end(text))
        .catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
