/** Incidents of the demo's company, as its programs would make them. */
import { dataOf, type Parley } from '../../../shared/client/client.ts';
import { advancePast } from './clock.ts';
import { apiOf, queueOfCompany } from './demo-api.ts';

/** More than the fewest of which a spike can be. */
const BURST = 12;
const HOUR_MS = 3_600_000;

const openOf = async (company: Parley) =>
  (await dataOf(company.GET('/v1/incidents', { params: { query: { limit: 100 } } }))).items.filter(
    ({ state }) => state === 'proposed' || state === 'declared',
  );

/** The page of an incident that a spike proposes: many requests in a queue that has none yet, and a quarter of an hour. */
export async function proposedIncident(): Promise<string> {
  const company = await apiOf('company.admin');
  const before = await openOf(company);
  const known = before.find(({ state }) => state === 'proposed');
  if (known !== undefined) return `/incidents/${known.id}`;
  const { items } = await dataOf(company.GET('/v1/queues', { params: { query: { limit: 100 } } }));
  const own = await dataOf(company.GET('/v1/commitments', { params: { query: { limit: 100 } } }));
  const queue = items.find(
    ({ id, current }) =>
      current !== null &&
      own.items.some(({ commitment }) => commitment.queue === id) &&
      !before.some(({ queues }) => queues.includes(id)),
  );
  if (queue === undefined) throw new Error('every queue of the company has an incident already');
  for (let n = 0; n < BURST; n++) {
    const externalId = crypto.randomUUID();
    const asked = { externalId, queue: queue.id, customer: `${externalId}@mail.example`, text: 'The line is dead.' };
    await dataOf(company.POST('/v1/requests', { body: asked }));
  }
  const { now } = await dataOf(company.GET('/v1/test-clock'));
  await advancePast(new Date(Date.parse(now) + HOUR_MS / 4).toISOString());
  const proposed = (await openOf(company)).find(({ state }) => state === 'proposed');
  if (proposed === undefined) throw new Error('no incident was proposed');
  return `/incidents/${proposed.id}`;
}

/** A declared incident of the company with one linked request, and the customer's page of that. */
export async function declaredIncident(): Promise<{ path: string; customer: string }> {
  const company = await apiOf('company.admin');
  const queue = await queueOfCompany(company);
  const externalId = crypto.randomUUID();
  const asked = { externalId, queue, customer: `${externalId}@mail.example`, text: 'My meter shows nothing.' };
  const { id: request } = await dataOf(company.POST('/v1/requests', { body: asked }));
  const { now } = await dataOf(company.GET('/v1/test-clock'));
  const { id: incident } = await dataOf(
    company.POST('/v1/incidents', {
      body: {
        externalId,
        queues: [queue],
        title: 'Meters show nothing',
        words: 'A network of ours is down, so meters show nothing. We are on it; your usage is counted all the same.',
        since: new Date(Date.parse(now) - HOUR_MS).toISOString(),
      },
    }),
  );
  const path = { incident };
  const body = { by: 'chosen', requests: [request] } as const;
  await dataOf(
    company.POST('/v1/incidents/{incident}/links', { params: { path }, body: structuredClone(body) as never }),
  );
  for (let tries = 0; tries < 100; tries++) {
    const { run } = await dataOf(company.GET('/v1/incidents/{incident}', { params: { path } }));
    if (run?.finishedAt != null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const link = await dataOf(company.POST('/v1/requests/{request}/link', { params: { path: { request } } }));
  return { path: `/incidents/${incident}`, customer: `/c/${link.token}` };
}
