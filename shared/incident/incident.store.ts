/**
 * Incidents `IN#<company>` / `<hash>` in the market table; a company's own are listed in order of when they were seen first, under
 * `incidents#<company>` of the index of owners. While a walk over requests goes on, the index of what is due has it under `incidents`.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { canonicalJson, contentHash, shortHash } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Clause, type Item, type Key, keyText } from '../kernel/table.ts';
import { dayOf, fromIso } from '../kernel/time.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { sameWorld } from '../sandbox/sandbox.ts';
import { announce } from '../webhook/webhook.store.ts';
import { type CauseInput, type IncidentInput, StoredIncident } from './incident.ts';
import type { Spike } from './spike.ts';

/** Of a company's newest incidents so many are looked at for one that is about a queue already. */
const LOOKED_AT = 20;
const OPEN: readonly StoredIncident['state'][] = ['proposed', 'declared'];

export const incidentKey = (id: string): Key => {
  const at = id.indexOf('.');
  return { pk: `IN#co_${id.slice(3, at)}`, sk: id.slice(at + 1) };
};
const idOf = (company: string, hash: string): string => `in_${company.slice(3)}.${hash}`;
const ownerKeys = (company: string, since: number, id: string) => ({
  opk: `incidents#${company}`,
  osk: `${timeKey(since)}#${id}`,
});

/** An incident of this company; another one's is as if it did not exist. */
export async function readOwnIncident(call: Call, company: string, id: string): Promise<StoredIncident | undefined> {
  if (!id.startsWith(`in_${company.slice(3)}.`)) return undefined;
  return readIncident(call, id);
}

export async function readIncident(call: Call, id: string): Promise<StoredIncident | undefined> {
  return call.tables.get('market', incidentKey(id), StoredIncident, { consistent: true });
}

/** A page of a company's incidents, the newest first. */
export async function listIncidents(
  call: Call,
  company: string,
  page: { limit: number; after?: Item },
): Promise<{ items: StoredIncident[]; after: Item | undefined }> {
  const found = await call.tables.query('market', z.object({ pk: z.string(), sk: z.string() }), {
    index: { name: 'owner', pk: 'opk', sk: 'osk' },
    pk: `incidents#${company}`,
    descending: true,
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const incidents = await call.tables.getMany('market', found.items, StoredIncident);
  return {
    items: found.items.flatMap((key) => incidents.get(keyText(key)) ?? []),
    after: found.after as Item | undefined,
  };
}

export type DeclareRefusal = 'not_found' | 'wrong_currency' | 'external_id_conflict';

/** Declares an incident of a company. The same `externalId` with the same content is the same incident; with other content `external_id_conflict`. */
export async function declareIncident(
  call: Call,
  company: string,
  user: string,
  input: IncidentInput,
): Promise<Result<StoredIncident, DeclareRefusal>> {
  const currency = await currencyOf(call, company, input.queues);
  if (!currency.ok) return currency;
  const { externalId, title, words, since } = input;
  const id = idOf(company, await shortHash(canonicalJson(['declared', externalId])));
  const incident: StoredIncident = {
    ...blank(company, id, input.queues, currency.value, fromIso(since)),
    contentHash: await contentHash(input),
    state: 'declared',
    title,
    words,
    user,
    declaredAt: call.now,
  };
  const written = await putNew(call, incident);
  if (written.contentHash === incident.contentHash) return ok(written);
  return refuse(
    'external_id_conflict',
    `“${externalId}” is already the id of an incident with other content; use a new externalId.`,
    { extra: { field: 'externalId', incident: id } },
  );
}

/** The one currency of some queues that a company may send to. */
async function currencyOf(
  call: Call,
  company: string,
  queues: readonly string[],
): Promise<Result<Currency, 'not_found' | 'wrong_currency'>> {
  const found = await Promise.all(
    queues.map(async (queue) => (sameWorld(company, queue) ? readQueueItem(call.tables, queue) : undefined)),
  );
  const missing = queues[found.indexOf(undefined)];
  if (missing !== undefined)
    return refuse('not_found', `There is no queue ${missing}; GET /v1/queues lists them.`, {
      extra: { field: 'queues' },
    });
  const currencies = new Set(found.flatMap((queue) => queue?.currency ?? []));
  const [first] = currencies;
  if (first !== undefined && currencies.size === 1) return ok(first);
  return refuse('wrong_currency', 'The queues of an incident have one currency; declare another for the others.', {
    extra: { field: 'queues' },
  });
}

const blank = (
  company: string,
  id: string,
  queues: readonly string[],
  currency: Currency,
  since: number,
): StoredIncident => ({
  ...incidentKey(id),
  id,
  company,
  contentHash: null,
  state: 'proposed',
  queues: [...new Set(queues)],
  currency,
  title: null,
  words: null,
  closingWords: null,
  since,
  spike: null,
  seenBy: null,
  user: null,
  declaredAt: null,
  endedAt: null,
  linked: 0,
  linkedMicros: 0,
  cameBack: 0,
  cameBackMicros: 0,
  run: null,
  step: 0,
});

/** Puts an incident that is new; answers what then stands. */
async function putNew(call: Call, incident: StoredIncident): Promise<StoredIncident> {
  const listed = ownerKeys(incident.company, incident.since, incident.id);
  const written = await call.tables.put('market', { ...incident, ...listed }, ABSENT);
  return written.ok ? incident : StoredIncident.parse(written.old);
}

/**
 * Proposes an incident of a company for a spike: once a queue and UTC day, and not where an open one is about the queue
 * already; a proposal that is open is brought up to what is seen now.
 */
export async function proposeIncident(
  call: Call,
  company: string,
  queue: { id: string; currency: Currency },
  spike: Spike,
  seenBy: number | null,
): Promise<void> {
  const { items } = await listIncidents(call, company, { limit: LOOKED_AT });
  const open = items.find((incident) => OPEN.includes(incident.state) && incident.queues.includes(queue.id));
  if (open !== undefined) return seenAgain(call, open, spike, seenBy);
  const id = idOf(company, await shortHash(canonicalJson(['spike', queue.id, dayOf(call.now)])));
  const proposed = { ...blank(company, id, [queue.id], queue.currency, fromIso(spike.from)), spike, seenBy };
  const stands = await putNew(call, proposed);
  if (stands.state !== 'proposed') return;
  const data = { incident: id, queue: queue.id, seen: spike.seen, from: spike.from };
  await announce(call, { tenant: company, type: 'incident.proposed', subject: id, at: stands.since, data });
}

async function seenAgain(call: Call, open: StoredIncident, spike: Spike, seenBy: number | null): Promise<void> {
  const isMore = spike.seen > (open.spike?.seen ?? 0) || (seenBy ?? 0) > (open.seenBy ?? 0);
  if (open.state !== 'proposed' || !isMore) return;
  const set = {
    ...(spike.seen > (open.spike?.seen ?? 0) ? { spike } : {}),
    ...((seenBy ?? 0) > (open.seenBy ?? 0) ? { seenBy } : {}),
  };
  await call.tables.update('market', incidentKey(open.id), { set }, [['=', 'state', 'proposed']]);
}

/** Says what the cause is, and what customers are told: a proposal is declared by it. Who was told before is not told again. */
export async function nameCause(
  call: Call,
  incident: StoredIncident,
  user: string,
  cause: CauseInput,
): Promise<Result<StoredIncident, 'incident_over'>> {
  const declaredAt = incident.declaredAt ?? call.now;
  return changeIncident(call, incident, { ...cause, state: 'declared', user, declaredAt }, [['in', 'state', OPEN]]);
}

/** It is no incident: a proposal goes. Said again, it changes nothing. */
export async function dismissIncident(
  call: Call,
  incident: StoredIncident,
  user: string,
): Promise<Result<StoredIncident, 'incident_over'>> {
  if (incident.state === 'dismissed') return ok(incident);
  return changeIncident(call, incident, { state: 'dismissed', user, endedAt: call.now }, [['=', 'state', 'proposed']]);
}

export async function changeIncident(
  call: Call,
  incident: Pick<StoredIncident, 'id'>,
  set: Partial<StoredIncident> & Record<string, unknown>,
  when: readonly Clause[],
): Promise<Result<StoredIncident, 'incident_over'>> {
  const changed = await call.tables.change('market', incidentKey(incident.id), StoredIncident, { set }, when);
  if (changed.ok) return ok(changed.item);
  const state = changed.old?.state;
  return incidentOver(typeof state === 'string' ? state : 'gone');
}

export const incidentOver = (state: string): Refusal<'incident_over'> =>
  refuse('incident_over', `The incident is ${state}: this can no longer be done. Declare another one.`, {
    extra: { state },
  });
