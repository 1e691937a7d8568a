/**
 * Walks over requests, a batch at a time: linking what is open, and telling everybody at the end. How far a walk has come stands on
 * the incident, which the index of what is due finds until it is done; a batch that a crash cut off is done again as a whole.
 */
import * as z from 'zod';
import { orderNews } from '../customer/mail.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { type Item, keyText } from '../kernel/table.ts';
import { fromIso, iso } from '../kernel/time.ts';
import { readBranding } from '../organisation/branding.store.ts';
import { newestRounds } from '../queue/queue.store.ts';
import { companyOf, headKey, headList, readFacts, readManyWords } from '../request/request.store.ts';
import { Head, type RequestState } from '../request/request.ts';
import { noteAccess } from '../thread/access.store.ts';
import { aboutHead, tell } from '../thread/say.store.ts';
import type { Who } from '../thread/thread.ts';
import { changeIncident, incidentKey, incidentOver, readIncident } from './incident.store.ts';
import {
  hasWords,
  isMeant,
  type Preview,
  type Run,
  type Selection,
  type StoredIncident,
  searchOf,
} from './incident.ts';
import { headsByKey, type Link, linkRequest, listLinks, readLinks } from './link.store.ts';

/** Requests of one batch, and what is done side by side. */
const BATCH = 25;
const WIDTH = 5;
/** Batches of one incident in one run of the sweep, and incidents; what is left is due at once. */
const MOST_BATCHES = 8;
const MOST_INCIDENTS = 10;
/** Rounds of a queue that may still have open requests. */
const LIVE_ROUNDS = 4;
/** What a preview looks at, and what of it is shown. */
const PREVIEW_PAGES = 20;
const SHOWN = 20;
const SHOWN_CHARACTERS = 200;
/** Of requests with a turn, those whose turn is held, or ended without a resolution. */
const UNDONE: readonly RequestState[] = ['queued', 'working'];

const DUE = 'incidents';
const dueKeys = (call: Call, id: string) => ({ dpk: DUE, dsk: `${timeKey(call.now)}#${id}` });

export type RunRefusal = 'incident_over' | 'still_running' | 'not_found';

/** Begins to link what a selection means. While another walk goes on it is `still_running`, unless that is the same one. */
export async function startLinking(
  call: Call,
  incident: StoredIncident,
  selection: Selection,
): Promise<Result<StoredIncident, RunRefusal>> {
  if (incident.state !== 'declared') return incidentOver(incident.state);
  if (isRunning(incident)) {
    const isSame = JSON.stringify(incident.run?.selection) === JSON.stringify(selection);
    return isSame ? ok(incident) : stillRunning();
  }
  if (selection.by === 'chosen') {
    const foreign = selection.requests.find((request) => companyOf(request) !== incident.company);
    if (foreign !== undefined) return refuse('not_found', `There is no request ${foreign}.`);
  }
  const lists = selection.by === 'chosen' ? [] : await listsOf(call, incident.queues);
  return start(call, incident, { kind: 'link', selection, lists }, {});
}

/** Closes an incident with words for everybody who was linked, and begins to tell them. Said again, it changes nothing. */
export async function closeIncident(
  call: Call,
  incident: StoredIncident,
  user: string,
  words: string,
): Promise<Result<StoredIncident, RunRefusal>> {
  if (incident.state === 'closed') return ok(incident);
  if (incident.state !== 'declared') return incidentOver(incident.state);
  if (isRunning(incident)) return stillRunning();
  const set = { state: 'closed', closingWords: words, user, endedAt: call.now } as const;
  return start(call, incident, { kind: 'close', selection: null, lists: [] }, set);
}

const isRunning = ({ run }: StoredIncident): boolean => run !== null && run.finishedAt === null;
const stillRunning = () =>
  refuse('still_running', 'Requests are still being linked; wait until that is done, and try again.', {
    retryable: true,
  });

async function start(
  call: Call,
  incident: StoredIncident,
  what: Pick<Run, 'kind' | 'selection' | 'lists'>,
  set: Partial<StoredIncident>,
): Promise<Result<StoredIncident, RunRefusal>> {
  const run: Run = {
    ...what,
    number: (incident.run?.number ?? 0) + 1,
    list: 0,
    after: null,
    looked: 0,
    done: 0,
    startedAt: call.now,
    finishedAt: null,
  };
  const next = { ...set, run, step: incident.step + 1, ...dueKeys(call, incident.id) };
  const started = await changeIncident(call, incident, next, [
    ['=', 'step', incident.step],
    ['=', 'state', 'declared'],
  ]);
  if (!started.ok) return stillRunning();
  await call.hurry?.('sweeps', [{ kind: 'incidents' }]);
  return started;
}

/** The lists that may hold open requests of some queues. */
async function listsOf(call: Call, queues: readonly string[]): Promise<Run['lists']> {
  const rounds = await Promise.all(queues.map((queue) => newestRounds(call.tables, queue, LIVE_ROUNDS)));
  return rounds
    .flat()
    .flatMap(({ queue, round, state }) => (state === 'open' || state === 'closed' ? [] : [{ queue, round }]));
}

const DueKey = z.object({ dsk: z.string() });

/** Goes on with every walk that is due. Answers when to look again; null where none goes on. */
export async function sweepIncidents(call: Call): Promise<{ nextAt: number | null }> {
  const due = { index: { name: 'due', pk: 'dpk', sk: 'dsk' }, pk: DUE };
  const found = await call.tables.query('market', DueKey, { ...due, limit: MOST_INCIDENTS });
  let isLeft = found.after !== undefined;
  for (const { dsk } of found.items) {
    const id = dsk.slice(dsk.indexOf('#') + 1);
    let more = true;
    for (let batch = 0; more && batch < MOST_BATCHES; batch++) more = await stepRun(call, id);
    isLeft ||= more;
  }
  return { nextAt: isLeft ? call.now : null };
}

type Batch = { looked: number; done: number; micros: number; list: number; after: string | null; isLast: boolean };

/** One batch of an incident's walk; false where nothing is left of it. Of two at once one counts. */
export async function stepRun(call: Call, id: string): Promise<boolean> {
  const incident = await readIncident(call, id);
  if (incident === undefined || incident.run === null || incident.run.finishedAt !== null) return false;
  const { run } = incident;
  const batch = run.kind === 'close' ? await tellBatch(call, incident, run) : await linkBatch(call, incident, run);
  const { looked, done, micros, isLast, ...place } = batch;
  const next: Run = {
    ...run,
    ...place,
    looked: run.looked + looked,
    done: run.done + done,
    finishedAt: isLast ? call.now : null,
  };
  const isLink = run.kind === 'link';
  const written = await call.tables.update(
    'market',
    incidentKey(id),
    {
      set: { run: next, step: incident.step + 1 },
      add: { linked: isLink ? done : 0, linkedMicros: isLink ? micros : 0 },
      ...(isLast ? { remove: ['dpk', 'dsk'] } : {}),
    },
    [['=', 'step', incident.step]],
  );
  return !(written.ok && isLast);
}

async function linkBatch(call: Call, incident: StoredIncident, run: Run): Promise<Batch> {
  const { selection } = run;
  if (selection === null) throw new Error(`the walk ${run.number} of ${incident.id} says not what it links`);
  const page =
    selection.by === 'chosen'
      ? await chosenPage(call, run, selection.requests)
      : await listPage(call, incident, run, selection.since);
  const links = await readLinks(
    call,
    incident.id,
    page.heads.map((head) => head.id),
  );
  const meant = await meantOf(call, incident, selection, page.heads, (head) => links.get(head.id)?.run === run.number);
  const mails = (await readBranding(call, incident.company)).mailWhenResolved;
  const linked = await mapConcurrent(meant, WIDTH, async (head) => {
    const result = await linkRequest(call, incident.id, run.number, head, links.get(head.id));
    if (result.isNew)
      await inform(call, incident, { ...head, state: 'linked' }, `incident ${incident.id}`, incident.words, mails);
    return result;
  });
  const fresh = linked.filter(({ isNew }) => isNew);
  const micros = fresh.reduce((sum, one) => sum + one.micros, 0);
  return { looked: page.heads.length, done: fresh.length, micros, ...page.place };
}

type HeadPage = { heads: Head[]; place: Pick<Batch, 'list' | 'after' | 'isLast'> };

async function chosenPage(call: Call, run: Run, requests: readonly string[]): Promise<HeadPage> {
  const from = Number(run.after ?? 0);
  const some = requests.slice(from, from + BATCH);
  const found = await call.tables.getMany('requests', some.map(headKey), Head, { consistent: true });
  const next = from + some.length;
  return { heads: headsByKey(found, some), place: { list: 0, after: String(next), isLast: next >= requests.length } };
}

async function listPage(call: Call, { company }: StoredIncident, run: Run, since: string): Promise<HeadPage> {
  const list = run.lists[run.list];
  if (list === undefined) return { heads: [], place: { list: run.list, after: null, isLast: true } };
  const found = await call.tables.query('requests', z.object({ pk: z.string(), sk: z.string(), lsk: z.string() }), {
    index: { name: 'list', pk: 'lpk', sk: 'lsk' },
    pk: headList(company, list.queue, list.round),
    // The one after the last seen: `!` sorts after nothing, and before every other sign of an id.
    from: run.after === null ? timeKey(fromIso(since)) : `${run.after}!`,
    limit: BATCH,
  });
  const heads = await call.tables.getMany('requests', found.items, Head, { consistent: true });
  const isListDone = found.after === undefined;
  return {
    heads: found.items.flatMap((key) => heads.get(keyText(key)) ?? []),
    place: {
      list: isListDone ? run.list + 1 : run.list,
      after: isListDone ? null : (found.items.at(-1)?.lsk ?? null),
      isLast: isListDone && run.list + 1 >= run.lists.length,
    },
  };
}

/** The heads of a page that a selection means, with those that are `known` to be. Words are read where they are searched. */
async function meantOf(
  call: Call,
  { queues }: StoredIncident,
  selection: Selection,
  heads: readonly Head[],
  known: (head: Head) => boolean,
): Promise<Head[]> {
  const meant = heads.filter((head) => known(head) || (queues.includes(head.queue) && isMeant(selection, head)));
  const open = await unresolved(call, meant);
  const search = searchOf(selection);
  if (search === '' || open.length === 0) return open;
  const words = await readManyWords(call, open);
  return open.filter((head) => known(head) || hasWords(search, words.get(head.id)?.text ?? ''));
}

/** Without those whose turn came to a resolution. */
async function unresolved(call: Call, heads: readonly Head[]): Promise<Head[]> {
  const leased = heads.filter((head) => head.state === 'leased');
  const facts = await readFacts(call, leased);
  const done = new Set(facts.flatMap(({ head, view }) => (UNDONE.includes(view.state) ? [] : [head.id])));
  return heads.filter((head) => !done.has(head.id));
}

/** Tells the customer of one request, once; the mail is ordered where the company has its customers mailed. */
async function inform(
  call: Call,
  { company, user }: StoredIncident,
  head: Head,
  key: string,
  text: string | null,
  mails: boolean,
): Promise<void> {
  if (head.erasedAt !== undefined || text === null) return;
  const who: Who = { author: 'company', tenant: company, user };
  // Where the words changed meanwhile, the customer was told the ones before.
  await tell(call, aboutHead(head), who, { key, kind: 'message', text });
  if (mails) await orderNews(call, head.id, key);
}

async function tellBatch(call: Call, incident: StoredIncident, run: Run): Promise<Batch> {
  const page = await listLinks(call, incident.id, {
    limit: BATCH,
    ...(run.after === null ? {} : { after: run.after }),
  });
  const found = await call.tables.getMany(
    'requests',
    page.links.map((link) => headKey(link.sk)),
    Head,
  );
  const heads = headsByKey(
    found,
    page.links.map((link) => link.sk),
  );
  const mails = (await readBranding(call, incident.company)).mailWhenResolved;
  await mapConcurrent(heads, WIDTH, (head) =>
    inform(call, incident, head, `incident ${incident.id} over`, incident.closingWords, mails),
  );
  const isLast = page.after === undefined;
  const after = page.links.at(-1)?.sk ?? run.after;
  return { looked: page.links.length, done: heads.length, micros: 0, list: 0, after, isLast };
}

/** What a selection would link now, with the beginning of what the customers of the first said; the look is noted. */
export async function previewLinking(
  call: Call,
  incident: StoredIncident,
  selection: Selection,
  who: Who,
): Promise<Preview> {
  const lists = selection.by === 'chosen' ? [] : await listsOf(call, incident.queues);
  let run: Run = { ...NO_RUN, lists, selection, startedAt: call.now };
  const matching: Head[] = [];
  let looked = 0;
  let isWhole = false;
  for (let page = 0; page < PREVIEW_PAGES && !isWhole; page++) {
    const found =
      selection.by === 'chosen'
        ? await chosenPage(
            call,
            run,
            selection.requests.filter((request) => companyOf(request) === incident.company),
          )
        : await listPage(call, incident, run, selection.since);
    looked += found.heads.length;
    matching.push(...(await meantOf(call, incident, selection, found.heads, () => false)));
    run = { ...run, ...found.place };
    isWhole = found.place.isLast;
  }
  const shown = matching.slice(0, SHOWN);
  await mapConcurrent(shown, WIDTH, (head) => noteAccess(call, head.id, who, 'words'));
  const [facts, words] = await Promise.all([readFacts(call, shown), readManyWords(call, shown)]);
  return {
    looked,
    matching: matching.length,
    working: matching.filter((head) => head.state === 'leased').length,
    isWhole,
    items: facts.map(({ head, view }) => ({
      request: head.id,
      externalId: head.externalId,
      queue: head.queue,
      state: view.state,
      acceptedAt: iso(head.acceptedAt),
      deadline: iso(head.deadline),
      text: (words.get(head.id)?.text ?? '').slice(0, SHOWN_CHARACTERS),
    })),
  };
}

const NO_RUN: Omit<Run, 'lists' | 'selection' | 'startedAt'> = {
  number: 0,
  kind: 'link',
  list: 0,
  after: null,
  looked: 0,
  done: 0,
  finishedAt: null,
};

/** A page of linked requests with where each stands. */
export async function viewLinks(call: Call, incident: string, page: { limit: number; after?: Item }) {
  const { links, after } = await listLinks(call, incident, page);
  const found = await call.tables.getMany(
    'requests',
    links.map((link) => headKey(link.sk)),
    Head,
  );
  const byRequest = new Map<string, Link>(links.map((link) => [link.sk, link]));
  const facts = await readFacts(
    call,
    headsByKey(
      found,
      links.map((link) => link.sk),
    ),
  );
  const items = facts.flatMap(({ head, view }) => {
    const link = byRequest.get(head.id);
    if (link === undefined) return [];
    return [
      {
        request: head.id,
        externalId: head.externalId,
        queue: head.queue,
        state: view.state,
        linkedAt: iso(link.at),
        cameBackAt: link.cameBackAt === null ? null : iso(link.cameBackAt),
        priceMicros: link.micros,
      },
    ];
  });
  return { items, after };
}
