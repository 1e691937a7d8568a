/**
 * A small market in which every kind of thing with an id was made once by each organisation: two companies and two
 * providers with an awarded round between them, each with its sandbox, and the operator.
 */

import { functions } from '../../infra/topology.ts';
import { routes } from '../../shared/api/registry.ts';
import type { ApiFunction, Route } from '../../shared/api/route.ts';
import type { CallLimits } from '../../shared/call-limit/call-limit.ts';
import { addMember } from '../../shared/identity/identity.store.ts';
import { ROLES_OF } from '../../shared/identity/identity.ts';
import { sha256Hex } from '../../shared/kernel/hash.ts';
import { HOUR, MINUTE } from '../../shared/kernel/time.ts';
import { MARKET_ORGANISATION } from '../../shared/organisation/organisation.store.ts';
import { shadowOf } from '../../shared/sandbox/sandbox.ts';
import { STRIPE_DESTINATIONS } from '../../shared/stripe-event/stripe-event.ts';
import { type Answer, type CallOptions, TestEdge } from './edge.ts';
import { startTestTables, type TestTables } from './engine.ts';
import { serveFiles, type UploadForm, upload } from './files.ts';
import { layCharge, layInvoice, layPayout } from './laid-money.ts';
import { FEBRUARY, SECOND_OF_FEBRUARY, TestMarket } from './round.ts';
import { startTestStripe, type TestStripe } from './stripe.ts';

/** Ids by the name of the parameter that takes them; where several things exist, the first is the usual one. */
export type Ids = Readonly<Record<string, readonly string[]>>;
/** One side of the market with what it made. `sandbox` tells the shadow that a sandbox key acts for. */
export type Tenant = {
  name: string;
  kind: 'company' | 'provider' | 'market';
  sandbox: boolean;
  id: string;
  /** Acts with every role: a person's token, or the sandbox key. */
  token: string;
  /** A program with every role and scope; undefined for a sandbox. */
  key: string | undefined;
  /** Programs with every role and one scope: none of them may do all. */
  narrow: Readonly<Record<string, string>>;
  ids: Ids;
};

/** Calls are counted, and more may be made than any test makes while the machine's clock stands. */
const MANY = { perSecond: 100_000, burst: 1_000_000 };
const UNLIMITED: CallLimits = { company: MANY, provider: MANY, market: MANY, sandbox: MANY, person: MANY };
const TEXT = new TextEncoder().encode('What was said on the phone.');
const NARROW = ['organisation:read', 'finance:read'] as const;
const SAYS = { '': 'addMessage', Turn: 'addTurnMessage', Customer: 'say' } as const;
type Made = Record<string, string[]>;

export class LaidMarket {
  readonly tenants: Tenant[] = [];
  queue = '';
  private serial = 0;
  private readonly handlers = new Map<string, unknown>();

  readonly engine: TestTables;
  readonly edge: TestEdge;
  readonly market: TestMarket;
  private stopFiles = () => {};
  private stripe: TestStripe | undefined;

  private constructor(engine: TestTables) {
    this.engine = engine;
    this.edge = new TestEdge(engine.tables);
    this.market = new TestMarket(engine.tables);
  }

  /** Lays the market; `each` things of every kind. */
  static async lay(each = 1): Promise<LaidMarket> {
    const laid = new LaidMarket(await startTestTables());
    laid.stopFiles = await serveFiles(laid.edge);
    laid.stripe = await startTestStripe({ clock: { now: () => laid.edge.now }, seed: 'laid' });
    const { access } = laid.stripe;
    Object.assign(laid.edge.runtime, {
      callLimits: UNLIMITED,
      stripeAccess: async () => access,
      stripeSecrets: async () => Object.fromEntries(STRIPE_DESTINATIONS.map((id) => [id, ['whsec_laid']])),
    });
    await laid.fill(each);
    return laid;
  }

  async stop(): Promise<void> {
    this.stopFiles();
    await this.stripe?.stop();
    await this.engine.stop();
  }

  tenant(name: string): Tenant {
    const found = this.tenants.find((tenant) => tenant.name === name);
    if (found === undefined) throw new Error(`nobody is called ${name}`);
    return found;
  }

  /** Calls a route as API Gateway would, with a fresh Idempotency-Key where none is given. */
  async call(route: Route, options: CallOptions = {}): Promise<Answer> {
    const headers = { 'idempotency-key': `key-${++this.serial}`, ...options.headers };
    const handler = await this.handlerOf(route.function);
    return this.edge.call(handler, `${route.method} ${route.path}`, { ...options, headers });
  }

  private async handlerOf(name: ApiFunction): Promise<unknown> {
    const { file } = functions[`api-${name}` as keyof typeof functions];
    if (!this.handlers.has(file))
      this.handlers.set(
        file,
        ((await import(new URL(`../../${file}`, import.meta.url).href)) as { handler: unknown }).handler,
      );
    return this.handlers.get(file);
  }

  /** Calls a route by its id; it must succeed. */
  async done(id: string, token: string | undefined, options: CallOptions = {}): Promise<Record<string, unknown>> {
    const route = routes.find((one) => one.id === id);
    if (route === undefined) throw new Error(`no route is called ${id}`);
    const answer = await this.call(route, { ...(token === undefined ? {} : { token }), ...options });
    if (answer.status >= 300) throw new Error(`${id}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  private async fill(each: number): Promise<void> {
    const { edge, market } = this;
    await market.open('contract');
    this.queue = market.queue;
    edge.now = market.now;
    const operator = await edge.operator('operator', ['market.operator', 'market.finance']);
    const people = await Promise.all(
      (['company', 'company', 'provider', 'provider'] as const).map((kind, i) => this.join(kind, i, operator)),
    );
    await this.award(people.map(({ id }) => id));
    edge.now = market.now;
    const shared = {
      queue: [this.queue],
      round: ['1', '2'],
      version: ['1'],
      provider: people.slice(2).map(({ id }) => id),
    };
    for (const person of people) this.tenants.push(await this.organisation(person, shared));
    for (const person of people) this.tenants.push(await this.sandbox(person, shared));
    await this.work(each);
    const spare = await this.join('company', 4, operator);
    const key = await this.program(operator, 'market');
    this.tenants.push({
      name: 'market',
      kind: 'market',
      sandbox: false,
      id: MARKET_ORGANISATION,
      token: operator,
      key,
      narrow: await this.narrow(operator, 'market'),
      ids: { ...shared, organisation: [spare.id] },
    });
  }

  private async join(kind: 'company' | 'provider', i: number, operator: string) {
    const token = this.edge.person(`person${i}`);
    const name = `${kind} ${i}`;
    const body = kind === 'company' ? { kind, name } : { kind, name, providerKind: 'agent_pool' };
    const { id } = (await this.done('register', token, { body })) as { id: string };
    await this.done('approveOrganisation', operator, { params: { organisation: id }, body: {} });
    return { name, kind, id, token };
  }

  /** Each company to a provider of its own; round 2 is open with what both sides put into it. */
  private async award([ada = '', eve = '', pool = '', other = '']: string[]): Promise<void> {
    const { market } = this;
    for (const round of [1, 2]) {
      for (const [company, blocked] of [
        [ada, other],
        [eve, pool],
      ] as const)
        await market.commit(
          company,
          100,
          { limits: { blocked: [blocked], minimumQualityBps: 0, automation: 'allowed' } },
          round,
        );
      for (const provider of [pool, other])
        await market.bid(
          provider,
          'agent_pool',
          { capacity: 200, tiers: [{ minVolume: 0, priceMicros: 2_000_000 }] },
          9_000,
          round,
        );
      if (round === 2) return;
      await market.advance(FEBRUARY - 23 * HOUR);
      await market.advance(FEBRUARY + MINUTE);
      market.now = SECOND_OF_FEBRUARY;
    }
  }

  private async organisation(
    { name, kind, id, token }: Awaited<ReturnType<LaidMarket['join']>>,
    shared: Ids,
  ): Promise<Tenant> {
    const key = await this.program(token, kind);
    const { token: invitation } = await this.done('invite', token, {
      body: { email: 'new@example.com', roles: [ROLES_OF[kind][1]] },
    });
    const { keyId } = await this.done('createApiKey', token, { body: { name: 'spare', roles: [ROLES_OF[kind][1]] } });
    const user = `colleague-of-${id}`;
    await addMember(this.engine.tables, id, { user, email: null, roles: [ROLES_OF[kind][1]] }, this.edge.now);
    const narrow = await this.narrow(token, kind);
    const ways = kind === 'company' ? await this.waysIn(token) : {};
    const ids = {
      ...shared,
      ...ways,
      ...(await this.endpoint(token)),
      invitationToken: [String(invitation)],
      invitation: [await sha256Hex(String(invitation))],
      user: [user],
      certificate: [await this.certificate(token)],
      keyId: [String(keyId)],
    };
    return { name, kind, sandbox: false, id, token, key, narrow, ids };
  }

  private async sandbox(
    { name, kind, id, token }: Awaited<ReturnType<LaidMarket['join']>>,
    shared: Ids,
  ): Promise<Tenant> {
    const body = { name: 'sandbox', roles: ROLES_OF[kind], sandbox: true };
    const made = (await this.done('createApiKey', token, { body })) as { secret: string; sandboxQueue: string };
    const { secret } = made;
    return {
      name: `sandbox of ${name}`,
      kind,
      sandbox: true,
      id: shadowOf(id),
      token: secret,
      key: undefined,
      narrow: {},
      ids: { ...shared, queue: [made.sandboxQueue], ...(await this.endpoint(secret)) },
    };
  }

  /** How requests come in besides: an import that waits for its parts, a connector with a message that did not fit. */
  private async waysIn(token: string): Promise<Made> {
    const made = await this.done('createImport', token, { body: { name: 'old cases', format: 'csv' } });
    const config = {
      kind: 'webhook',
      name: 'Shop',
      queue: this.queue,
      mapping: { externalId: 'ref', customer: 'mail', text: 'words' },
      signature: { scheme: 'password' },
    };
    const { connector, secret } = (await this.done('createConnector', token, { body: { config } })) as {
      connector: { id: string };
      secret: string;
    };
    const params = { connector: connector.id };
    await this.done('receiveInbound', secret, { params, raw: JSON.stringify({ ref: `order ${++this.serial}` }) });
    const { items } = (await this.done('listConnectorErrors', token, { params })) as { items: { id: string }[] };
    if (items[0] === undefined) throw new Error('the message that fits nothing was not kept');
    return { import: [String(made.id)], connector: [connector.id], error: [items[0].id] };
  }

  /** A certificate whose document waits for its check. */
  private async certificate(token: string): Promise<string> {
    const document = { name: 'iso.txt', type: 'text/plain', sizeBytes: TEXT.length };
    const body = { kind: 'iso_27001', title: 'ISO 27001', issuer: 'Some', issuedOn: '2025-05-01', document };
    const made = await this.done('addCertificate', token, { body });
    const { certificate, upload: form } = made as { certificate: { id: string }; upload: UploadForm };
    await upload(form, TEXT);
    await this.done('completeCertificate', token, { params: { certificate: certificate.id } });
    return certificate.id;
  }

  private async program(token: string, kind: Tenant['kind'], scopes?: readonly string[]): Promise<string> {
    const body = { name: 'program', roles: ROLES_OF[kind], ...(scopes === undefined ? {} : { scopes }) };
    return String((await this.done('createApiKey', token, { body })).secret);
  }

  private async narrow(token: string, kind: Tenant['kind']): Promise<Record<string, string>> {
    const keys: Record<string, string> = {};
    for (const scope of NARROW) keys[scope] = await this.program(token, kind, [scope]);
    return keys;
  }

  private async endpoint(token: string): Promise<Made> {
    const body = { url: 'http://127.0.0.1:9/hook', events: 'all' };
    const { id } = (await this.done('createWebhook', token, { body })) as { id: string };
    const delivery = await this.done('testWebhook', token, { params: { webhook: id } });
    return { webhook: [id], delivery: [String(delivery.id)] };
  }

  /** Requests of each company, worked by its provider; those of a sandbox by its own. */
  private async work(each: number): Promise<void> {
    const companies = this.tenants.filter(({ kind }) => kind === 'company');
    for (const company of companies) {
      const queue = company.ids.queue?.[0] ?? '';
      const sections = [{ title: 'Tone', markdown: 'Kind.' }];
      await this.done('putPlaybook', company.token, { params: { queue }, body: { sections } });
      const made: Made = { request: [], token: [], attachment: [], customerFile: [] };
      for (let i = 0; i < each; i++) await this.request(company, made);
      const { invoice, detailLink } = await layInvoice(this.engine.tables, company.id, this.edge.runtime.signingKey);
      const incident = await this.incident(company);
      company.ids = { ...company.ids, ...made, invoice: [invoice], detailLink: [detailLink], incident: [incident] };
      // A sandbox is charged nothing.
      const provider = company.name.startsWith('sandbox') ? undefined : this.tenant('provider 2').id;
      if (provider !== undefined) company.ids = { ...company.ids, dispute: [await this.dispute(company, provider)] };
    }
    for (const provider of this.tenants.filter(({ kind }) => kind === 'provider')) {
      const max = Math.min(10, each);
      const { work } = (await this.done('claim', provider.token, { body: { max } })) as {
        work: { lease: { id: string } }[];
      };
      if (work.length < max) throw new Error(`${provider.name} got ${work.length} of ${max} requests to work`);
      const lease = work.map(({ lease: { id } }) => id);
      const attachment: string[] = [];
      for (const id of lease) attachment.push(await this.file(provider.token, 'Turn', { lease: id }));
      provider.ids = { ...provider.ids, lease, attachment, payout: [await layPayout(this.engine.tables, provider.id)] };
    }
  }

  private async incident({ token, ids }: Tenant): Promise<string> {
    const body = {
      externalId: `outage-${++this.serial}`,
      queues: [ids.queue?.[0]],
      title: 'Logins fail',
      words: 'We are on it.',
      since: new Date(this.edge.now).toISOString(),
    };
    return String((await this.done('declareIncident', token, { body })).id);
  }

  /** A charge of the company's first request, and its dispute. */
  private async dispute({ id, token, ids }: Tenant, provider: string): Promise<string> {
    const request = ids.request?.[0] ?? '';
    const call = { tables: this.engine.tables, now: this.edge.now };
    await layCharge(call, { company: id, provider, queue: ids.queue?.[0] ?? '', request });
    const body = { reason: { code: 'not_resolved', text: 'It came to nothing.' } };
    return String((await this.done('disputeCharge', token, { params: { request }, body })).id);
  }

  private async request({ token, ids }: Tenant, made: Made): Promise<void> {
    const externalId = `case-${++this.serial}`;
    const body = {
      externalId,
      queue: ids.queue?.[0],
      customer: `${externalId}@example.com`,
      text: `Words of ${externalId}`,
      fields: { sandbox: 'hold' },
    };
    const request = String((await this.done('createRequest', token, { body })).id);
    made.request?.push(request);
    const link = String((await this.done('createLink', token, { params: { request } })).token);
    made.token?.push(link);
    made.customerFile?.push(await this.file(undefined, 'Customer', { token: link }));
    made.attachment?.push(await this.file(token, '', { request }));
  }

  /** A file that was uploaded, completed and attached to a message. */
  private async file(
    token: string | undefined,
    whose: keyof typeof SAYS,
    params: Record<string, string>,
  ): Promise<string> {
    const body = { name: 'call.txt', type: 'text/plain', sizeBytes: TEXT.length };
    const form = (await this.done(`ask${whose}Upload`, token, { params, body })) as UploadForm;
    await upload(form, TEXT);
    const { attachment } = form;
    await this.done(`complete${whose}Attachment`, token, { params: { ...params, attachment } });
    const message = { externalId: `m-${++this.serial}`, text: 'See the file.', attachments: [attachment] };
    await this.done(SAYS[whose], token, { params, body: message });
    return attachment;
  }
}
