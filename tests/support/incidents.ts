/** A market with a company that has an incident, for tests of its whole life. */
import { handler as companyApi } from '../../functions/api/company.ts';
import { handler as customerApi } from '../../functions/api/customer.ts';
import { handler as incidentApi } from '../../functions/api/incident.ts';
import { provideRuntime } from '../../functions/runtime.ts';
import { runDue } from '../../functions/sweeps.ts';
import { signLink } from '../../shared/customer/link.ts';
import type { IncidentView } from '../../shared/incident/incident.ts';
import type { Tables } from '../../shared/kernel/table.ts';
import { DAY, iso } from '../../shared/kernel/time.ts';
import { acceptRequest } from '../../shared/request/intake.store.ts';
import { readHead } from '../../shared/request/request.store.ts';
import type { Head } from '../../shared/request/request.ts';
import { allMessages } from '../../shared/thread/thread.store.ts';
import { DisputedMarket } from './disputes.ts';
import type { Answer } from './edge.ts';
import { must } from './round.ts';

export const WORDS = 'Card payments fail at present. We are on it, and you need not do anything.';
export const WORKS = 'Card payments work again.';

export class IncidentMarket {
  readonly world: DisputedMarket;
  private constructor(world: DisputedMarket) {
    this.world = world;
  }
  static async open(tables: Tables, category: string): Promise<IncidentMarket> {
    return new IncidentMarket(await DisputedMarket.open(tables, category));
  }

  async send(externalId: string, text: string, company = this.world.company.id): Promise<string> {
    const { market } = this.world;
    const input = { externalId, queue: market.queue, customer: `${externalId}@example.com`, text, fields: {} };
    return must(await acceptRequest(market.call(), company, input, null)).view.id;
  }

  async head(request: string): Promise<Head> {
    const head = await readHead(this.world.market.call(), request, { consistent: true });
    if (head === undefined) throw new Error(`there is no request ${request}`);
    return head;
  }

  /** What its customer was told, in order. */
  async told(request: string): Promise<string[]> {
    const messages = await allMessages(this.world.market.call(), request);
    return messages.filter(({ author }) => author === 'company').map(({ text }) => text);
  }

  async call(
    routeKey: string,
    {
      token = this.world.company.token,
      ...options
    }: { token?: string; params?: Record<string, string>; body?: unknown } = {},
  ): Promise<Answer> {
    const { edge, market } = this.world;
    provideRuntime({ ...edge.runtime, tables: market.tables });
    edge.now = market.now;
    const handler = routeKey.includes('/incidents') || routeKey.includes('/spikes') ? incidentApi : companyApi;
    return edge.call(handler, routeKey, { ...options, token });
  }

  async declare(externalId = 'outage'): Promise<IncidentView> {
    const body = {
      externalId,
      queues: [this.world.market.queue],
      title: 'Card payments fail',
      words: WORDS,
      since: iso(this.world.market.now - DAY),
    };
    const { status, body: declared, text } = await this.call('POST /v1/incidents', { body });
    if (status !== 201) throw new Error(text);
    return declared as IncidentView;
  }

  async incident(id: string): Promise<IncidentView> {
    return (await this.call('GET /v1/incidents/{incident}', { params: { incident: id } })).body as IncidentView;
  }

  async link(incident: string, selection: object): Promise<Answer> {
    return this.call('POST /v1/incidents/{incident}/links', { params: { incident }, body: selection });
  }

  /** Runs the sweep until nothing of any incident is left. */
  async sweep(): Promise<void> {
    const { edge, market } = this.world;
    const runtime = { ...edge.runtime, tables: market.tables };
    for (let i = 0; i < 50; i++) if ((await runDue(runtime, { kind: 'incidents' }, market.now)).nextAt === null) return;
    throw new Error('the walks over requests do not end');
  }

  /** A call of a request's customer, through the signed link. */
  async customer(request: string, routeKey: string): Promise<Answer> {
    const { edge, market } = this.world;
    provideRuntime({ ...edge.runtime, tables: market.tables });
    edge.now = market.now;
    const token = await signLink(edge.runtime.signingKey, { request, exp: market.now + 30 * DAY });
    return edge.call(customerApi, routeKey, { params: { token } });
  }
}
