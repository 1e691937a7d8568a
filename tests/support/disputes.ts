/** Settled charges that can be disputed, and calls to the API of who may. */
import { handler as billing } from '../../functions/api/billing.ts';
import { handler as marketApi } from '../../functions/api/market.ts';
import { handler as money } from '../../functions/api/money.ts';
import { handler as operatorApi } from '../../functions/api/operator.ts';
import { provideRuntime } from '../../functions/runtime.ts';
import { claimWork } from '../../shared/dispatch/claim.store.ts';
import { leaseIdOf } from '../../shared/dispatch/lease.ts';
import { resolveTurn } from '../../shared/dispatch/turn.store.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import { DAY, HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { allEntries } from '../../shared/ledger/ledger.store.ts';
import type { EntryView, Leg } from '../../shared/ledger/ledger.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead } from '../../shared/request/request.store.ts';
import { confirm } from '../../shared/resolution/resolution.store.ts';
import type { Terms } from '../../shared/terms/terms.ts';
import { type Answer, TestEdge } from './edge.ts';
import { FEBRUARY, must, SECOND_OF_FEBRUARY, TERMS, TestMarket } from './round.ts';

export type Party = { id: string; token: string };

/** One company awarded ten at a pool of people, whose requests can be resolved and settled; and the market's people. */
export class DisputedMarket {
  readonly edge: TestEdge;
  readonly market: TestMarket;
  company: Party = { id: '', token: '' };
  provider: Party = { id: '', token: '' };
  operator = '';
  finance = '';
  private sent = 0;

  private constructor(tables: Tables, terms: Partial<Terms>, edge: TestEdge) {
    this.edge = edge;
    this.market = new TestMarket(tables, { ...TERMS, ...terms });
  }

  static async open(
    tables: Tables,
    category: string,
    {
      terms = {},
      edge: given,
      priceMicros = 2_000_000,
    }: { terms?: Partial<Terms>; edge?: TestEdge; priceMicros?: number } = {},
  ): Promise<DisputedMarket> {
    const made = new DisputedMarket(tables, terms, given ?? new TestEdge(tables));
    provideRuntime(made.edge.runtime);
    const { edge, market } = made;
    edge.runtime.tables = market.tables;
    edge.now = market.now;
    made.operator = await edge.operator('olga', ['market.operator', 'market.finance']);
    made.finance = await edge.operator('fred', ['market.finance']);
    made.company = await made.join('company', `ada-of-${category}`);
    made.provider = await made.join('provider', `bob-of-${category}`);
    await market.open(category);
    await market.commit(made.company.id, 10);
    await market.bid(made.provider.id, 'agent_pool', {
      capacity: 20,
      tiers: [{ minVolume: 0, priceMicros }],
    });
    await made.advance(FEBRUARY - 23 * HOUR);
    await made.advance(FEBRUARY + MINUTE);
    await made.advance(SECOND_OF_FEBRUARY);
    return made;
  }

  private async join(kind: 'company' | 'provider', user: string): Promise<Party> {
    const token = this.edge.person(user);
    const body = kind === 'company' ? { kind, name: user } : { kind, name: user, providerKind: 'agent_pool' };
    const headers = { 'idempotency-key': `join-${user}` };
    const made = await this.edge.call(marketApi, 'POST /v1/organisations', { token, body, headers });
    if (made.status !== 201) throw new Error(`nobody joined: ${made.text}`);
    const id = String(made.body.id);
    const approve = 'POST /v1/organisations/{organisation}/approve';
    await this.edge.call(operatorApi, approve, {
      token: this.operator,
      params: { organisation: id },
      body: {},
      headers: { 'idempotency-key': `approve-${user}` },
    });
    return { id, token };
  }

  /** Moves the market and the edge to an instant. */
  async advance(to: number): Promise<void> {
    await this.market.advance(to);
    this.edge.now = to;
  }

  /** A request that is resolved, confirmed where asked, and settled: its charge is posted nine days later. */
  async settled(options: { confirmed?: boolean; late?: boolean } = {}): Promise<string> {
    const request = await this.resolved(options);
    await this.advance(this.market.now + 9 * DAY);
    return request;
  }

  async resolved({ confirmed = true, late = false }: { confirmed?: boolean; late?: boolean } = {}): Promise<string> {
    const { market, company, provider } = this;
    const externalId = `${market.queue} ${++this.sent}`;
    const input = { externalId, queue: market.queue, customer: externalId, text: 'Hello', fields: {} };
    const { view } = must(await acceptRequest(market.call(), company.id, input, null));
    if (late) market.now += 50 * HOUR;
    const { work } = await claimWork(market.call(), provider.id, [market.queue], 1, Math.random);
    const lease = work[0]!.lease;
    const outcome = { code: 'solved' as const, summary: 'Done.', evidence: '' };
    must(await resolveTurn(market.call(), provider.id, leaseIdOf(lease), outcome));
    if (confirmed) {
      const head = (await readHead(market.call(), view.id, { consistent: true }))!;
      must(await confirm(market.call(), head, 'customer'));
    }
    this.edge.now = market.now;
    return view.id;
  }

  /** Calls a route of billing as its company or provider, or one of money as one of the market's people. */
  async call(token: string, routeKey: string, params: Record<string, string>, body?: unknown): Promise<Answer> {
    // Several markets of one file share the process.
    provideRuntime(this.edge.runtime);
    const handler = routeKey.includes('/v1/money/') ? money : billing;
    const headers = { 'idempotency-key': `call-${++this.sent}` };
    return this.edge.call(handler, routeKey, { token, params, headers, ...(body === undefined ? {} : { body }) });
  }

  dispute(request: string, body: unknown = { reason: { code: 'came_back' } }): Promise<Answer> {
    return this.call(this.company.token, 'POST /v1/charges/{request}/dispute', { request }, body);
  }

  /** A company's and its provider's entries of all months so far. */
  async entries(): Promise<EntryView[]> {
    const found = new Map<string, EntryView>();
    for (const owner of [this.company.id, this.provider.id])
      for (const month of ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05'])
        for (const entry of await allEntries(this.market.call(), owner, month)) found.set(entry.event, entry);
    return [...found.values()];
  }

  /** The balance of an account of somebody: debit positive. */
  async balance(account: Leg['account'], of: string | null = null): Promise<number> {
    const legs = (await this.entries()).flatMap((entry) => entry.legs);
    return legs.reduce((sum, leg) => sum + (leg.account === account && leg.of === of ? leg.micros : 0), 0);
  }
}
