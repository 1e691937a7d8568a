/** The other people of a journey, who need no browser of their own: the demo's people over the API. */
import { createParley, dataOf, type Parley } from '../../../shared/client/client.ts';
import { baseUrl } from './browser.ts';
import { addressOf, type DemoRole } from './people.ts';

/** The API as a person of the demo, by role or address. */
export async function apiOf(who: DemoRole | { email: string }): Promise<Parley> {
  const email = typeof who === 'string' ? await addressOf(baseUrl(), who) : who.email;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email });
  const answer = await fetch(`${baseUrl()}/dev/sign-in`, { method: 'POST', headers, body });
  const { token } = (await answer.json()) as { token: string };
  return createParley({ baseUrl: baseUrl(), token, attempts: 3 });
}

/** A company's request in a queue that has a round now, with the customer's link to it. */
export async function askedRequest(text: string): Promise<{ request: string; path: string }> {
  const company = await apiOf('company.admin');
  const awarded = await queueOfCompany(company);
  const externalId = crypto.randomUUID();
  const asked = { externalId, queue: awarded, customer: `${externalId}@mail.example`, text, fields: {} };
  const { id: request } = await dataOf(company.POST('/v1/requests', { body: asked }));
  const link = await dataOf(company.POST('/v1/requests/{request}/link', { params: { path: { request } } }));
  return { request, path: `/c/${link.token}` };
}

/** Gives the company a colour for its customers' pages. */
export async function putColour(colour: string): Promise<void> {
  const company = await apiOf('company.admin');
  const branding = await dataOf(company.GET('/v1/branding'));
  await dataOf(company.PUT('/v1/branding', { body: { ...branding, colour } }));
}

/** The first queue in which the company has an award of the round that runs. */
export async function queueOfCompany(company: Parley): Promise<string> {
  const { items } = await dataOf(company.GET('/v1/queues', { params: { query: { limit: 100 } } }));
  for (const { id, current } of items) {
    if (current === null) continue;
    const path = { queue: id, round: current.round };
    const award = await company.GET('/v1/queues/{queue}/rounds/{round}/award', { params: { path } });
    if (award.data !== undefined) return id;
  }
  throw new Error('the company has no award in any queue of the demo');
}

/** An agent may have to work through what waits before. */
const MOST_BEFORE = 60;

/** Has the provider in whose lane a request waits take it up and resolve it, and what waits before it. */
export async function resolveRequest(request: string, summary: string): Promise<void> {
  const company = await apiOf('company.admin');
  const { provider } = await dataOf(company.GET('/v1/requests/{request}', { params: { path: { request } } }));
  const agent = await apiOf({ email: await adminOf(provider) });
  for (let n = 0; n < MOST_BEFORE; n++) {
    const { work, reason } = await dataOf(agent.POST('/v1/claims', { body: { max: 1 } }));
    const lease = work[0]?.lease;
    if (lease === undefined) throw new Error(`there is nothing to claim: ${reason}`);
    const body = { code: 'solved', summary, evidence: '' } as const;
    await dataOf(agent.POST('/v1/leases/{lease}/resolve', { params: { path: { lease: lease.id } }, body }));
    if (lease.request === request) return;
  }
  throw new Error(`the request is not among the first ${MOST_BEFORE}`);
}

async function adminOf(organisation: string | null): Promise<string> {
  const answer = await fetch(`${baseUrl()}/auth/people`);
  const { items } = (await answer.json()) as {
    items: { email: string; memberships: { organisation: string; roles: string[] }[] }[];
  };
  const found = items.find(({ memberships }) =>
    memberships.some((one) => one.organisation === organisation && one.roles.includes('provider.admin')),
  );
  if (found === undefined) throw new Error(`nobody of ${organisation} can work`);
  return found.email;
}

/** What a shop would post when somebody complains. */
export const SAMPLE_ORDER = JSON.stringify(
  { order: { id: 'A-1001' }, buyer: { email: 'ada@mail.example' }, message: 'Where is my parcel?' },
  null,
  2,
);

/** A webhook without an external id in its mapping, and one message of it that could therefore not become a request. */
export async function brokenConnector(): Promise<{ id: string; secret: string }> {
  const company = await apiOf('company.admin');
  const config = {
    kind: 'webhook',
    name: 'Shop',
    queue: await queueOfCompany(company),
    mapping: { customer: 'buyer.email', text: 'message' },
    signature: { scheme: 'password' },
  } as const;
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  const made = await dataOf(company.POST('/v1/connectors', { body: { config: structuredClone(config) }, headers }));
  const { id, address } = made.connector;
  const posted = await fetch(`${baseUrl()}${address}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${made.secret}`, 'content-type': 'application/json' },
    body: SAMPLE_ORDER,
  });
  if (posted.status !== 202) throw new Error(`the message was answered with ${posted.status}, not kept`);
  return { id, secret: made.secret ?? '' };
}
