/** Pages of what is exported, read from the ledger and the lists of requests; and one's own account numbers `GL#<tenant>` / `-`. */
import * as z from 'zod';
import { leaseKeyOf } from '../dispatch/lease.store.ts';
import { Lease } from '../dispatch/lease.ts';
import { termsOfRound } from '../dispatch/plan.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import type { Side } from '../ledger/fold.ts';
import { listEntries, readCharges } from '../ledger/ledger.store.ts';
import type { EntryView } from '../ledger/ledger.ts';
import { owningLists } from '../ledger/trial-balance.store.ts';
import { listHeads, type RequestFacts, readFacts } from '../request/request.store.ts';
import { rateTurn } from '../resolution/settle.store.ts';
import { AccountMapping } from './journal.ts';
import { type BillingStand, billingStand, type RequestRow } from './requests.ts';

export type Page = { limit: number; after?: Item };
const ENTRIES_READ = 100;
const REQUESTS_READ = 100;
/** So many are looked through for one page at the least, however few are wanted. */
const MOST_LOOKED = 2_000;
const RATED_TOGETHER = 8;

/**
 * Entries of one list and month in one currency, about `limit` of them. It looks through a bounded number, so a page may be
 * short, or empty, and yet go on.
 */
export async function entriesPage(
  call: Call,
  list: { owner: string; period: string; currency: Currency; side?: Side },
  page: Page,
): Promise<{ entries: EntryView[]; after: Item | undefined }> {
  const entries: EntryView[] = [];
  let { after } = page;
  for (let read = 0; read < Math.max(page.limit, MOST_LOOKED); read += ENTRIES_READ) {
    const found = await listEntries(
      call,
      list.owner,
      list.period,
      { limit: ENTRIES_READ, ...(after === undefined ? {} : { after }) },
      ...(list.side === undefined ? [] : ([list.side] as const)),
    );
    entries.push(...found.items.filter((entry) => entry.currency === list.currency));
    after = found.after;
    if (after === undefined || entries.length >= page.limit) break;
  }
  return { entries, after };
}

/**
 * The same over every list of the providers' side, the market's own last, so that each entry comes once. The place between
 * pages names its list, also where that one is at its end.
 */
export async function marketEntriesPage(
  call: Call,
  of: { period: string; currency: Currency },
  page: Page,
): Promise<{ entries: EntryView[]; after: Item | undefined }> {
  const owners = (await owningLists(call)).map(({ owner }) => owner);
  const place = page.after === undefined ? undefined : Place.parse(page.after);
  const first = place === undefined ? 0 : Math.max(owners.indexOf(place.list), 0);
  const entries: EntryView[] = [];
  for (const [i, owner] of owners.slice(first).entries()) {
    const from = i === 0 ? place?.key : undefined;
    const found = await entriesPage(
      call,
      { owner, ...of, side: 'provider' },
      { limit: page.limit - entries.length, ...(from === undefined ? {} : { after: from }) },
    );
    entries.push(...found.entries);
    if (found.after !== undefined) return { entries, after: placeOf(owner, found.after) };
    const next = owners[first + i + 1];
    if (entries.length >= page.limit && next !== undefined) return { entries, after: placeOf(next) };
  }
  return { entries, after: undefined };
}

const Place = z.object({ list: z.string(), key: z.custom<Item>().optional() });
const placeOf = (list: string, key?: Item): Item => ({ pk: list, sk: '', list, ...(key === undefined ? {} : { key }) });

/**
 * Requests of a company in a queue's round with what they cost, or may cost; where a stand is given, only those that stand
 * so. It looks through a bounded number, so a page may be short, or empty, and yet go on.
 */
export async function requestsPage(
  call: Call,
  of: { company: string; queue: string; round: number; stand?: BillingStand },
  page: Page,
): Promise<{ rows: RequestRow[]; after: Item | undefined }> {
  const rows: RequestRow[] = [];
  let { after } = page;
  for (let read = 0; read < Math.max(page.limit, MOST_LOOKED); read += REQUESTS_READ) {
    const found = await listHeads(call, of.company, of.queue, of.round, {
      limit: REQUESTS_READ,
      ...(after === undefined ? {} : { after }),
    });
    const facts = await readFacts(call, found.heads);
    const wanted = facts.filter(({ view }) => of.stand === undefined || billingStand(view) === of.stand);
    rows.push(...(await rowsOf(call, wanted)));
    after = found.after;
    if (after === undefined || rows.length >= page.limit) break;
  }
  return { rows, after };
}

async function rowsOf(call: Call, facts: readonly RequestFacts[]): Promise<RequestRow[]> {
  const posted = facts.filter((fact) => fact.isPosted).map((fact) => fact.head.id);
  const charges = await readCharges(call, posted);
  return mapConcurrent(facts, RATED_TOGETHER, async (fact) => {
    const { head, view } = fact;
    const charge = charges.get(head.id);
    if (charge !== undefined) return { view, micros: Number(charge.facts.priceMicros ?? 0) };
    return { view, micros: billingStand(view) === 'pending' ? await expected(call, fact) : null };
  });
}

/** What a resolution would be charged if nothing more came: as a confirmed one where it is, else as an assumed one. */
async function expected(call: Call, { head, view, lease }: RequestFacts): Promise<number | null> {
  if (head.lease === null) return null;
  const turn = lease ?? (await call.tables.get('requests', leaseKeyOf(head.lease), Lease));
  if (turn === undefined) return null;
  const { terms } = await termsOfRound(call, head.queue, head.round);
  const rated = await rateTurn(call, head, turn, terms, view.state === 'confirmed' ? 'confirmed' : 'assumed');
  return rated.priceMicros;
}

const mappingKey = (tenant: string) => ({ pk: `GL#${tenant}`, sk: '-' });
const Stored = z.object({ mapping: AccountMapping });

export async function readMapping(call: Call, tenant: string): Promise<AccountMapping> {
  return (await call.tables.get('market', mappingKey(tenant), Stored))?.mapping ?? {};
}

export async function putMapping(call: Call, tenant: string, mapping: AccountMapping): Promise<void> {
  await call.tables.put('market', { ...mappingKey(tenant), mapping });
}

/** The key of an index's page, as `listEntries` and `listHeads` continue. */
export const PageKey = z.object({ pk: z.string(), sk: z.string() }).loose();
