/**
 * Entries `E#<event>` / `-`, append-only: one business event posts once, by one conditional put with its legs inside.
 * Lists by company and by provider are indexes over month and the time of posting, so that what is added stands at the end.
 */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import { ABSENT, type Item, type Key, keyText, type Write } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { isSandbox } from '../sandbox/sandbox.ts';
import { entriesAt, rememberEntry } from './entries.store.ts';
import { CHARGES, contentOf, isBalanced, isListed, StoredEntry, textOfFacts, textOfLegs } from './entry.ts';
import type { Side } from './fold.ts';
import type { EntryKind, EntryView, Facts, Leg } from './ledger.ts';
import { openFrom, writersOf } from './period.store.ts';
import { periodOf } from './period.ts';
import { slaParts } from './sla-credit.ts';

/** The list that entries without a company, or without a provider, stand in on that side: so each side lists every entry once. */
export const MARKET_LIST = 'market';

export type NewEntry = {
  /** The business event, which is the key: `charge#<request>`. */
  event: string;
  kind: EntryKind;
  occurredAt: number;
  currency: Currency;
  /** Whose lists it stands in; where it has none on a side, the market's own. */
  company: string | null;
  provider: string | null;
  legs: Leg[];
  facts: Facts;
};

export const entryKey = (event: string): Key => ({ pk: `E#${event}`, sk: '-' });
export const chargeEvent = (request: string): string => `${CHARGES}${request}`;
export const splitEvent = (request: string, provider: string): string => `split#${request}#${provider}`;
export const slaEvent = (request: string): string => `sla#${request}`;

export type Posted = 'posted' | 'repeated' | 'refused';

/**
 * Posts an entry, into the month in which it occurred, or into the open one where that is closing or closed; `facts` then
 * name it as `closedPeriod`. The same event with the same content posts once (`repeated`); with other content it is `refused`, and
 * nothing is written. An entry that does not balance throws: a bug. An entry may have no legs: a charge of nothing still
 * settles its request.
 */
export async function post(call: Call, entry: NewEntry): Promise<Posted> {
  check(entry);
  return writersOf(call).run(call.now, async (postedAt) => {
    const item = entryItem(entry, await openFrom(call), postedAt);
    const written = await call.tables.put('ledger', item, ABSENT);
    if (!written.ok) return answerTo(entry, written.old);
    rememberEntry(call, item);
    return 'posted';
  });
}

/**
 * Posts an entry together with other writes, all or nothing. `lost`: one of those was not possible, at this place among
 * them, and nothing was written.
 */
export async function postWith(
  call: Call,
  entry: NewEntry,
  writes: readonly Write[],
): Promise<Posted | { lost: number; old: Item | null }> {
  check(entry);
  return writersOf(call).run(call.now, async (postedAt) => {
    const item = entryItem(entry, await openFrom(call), postedAt);
    const written = await call.tables.transact([...writes, { kind: 'put', table: 'ledger', item, when: ABSENT }]);
    if (written.ok) {
      rememberEntry(call, item);
      return 'posted';
    }
    return written.at < writes.length ? { lost: written.at, old: written.old } : answerTo(entry, written.old);
  });
}

/** What no caller may ever ask for: that is a bug. */
function check(entry: NewEntry): void {
  const { event, company, provider } = entry;
  if (!isBalanced(entry.legs)) throw new Error(`entry ${event} does not balance`);
  if (isSandbox(company ?? '') || isSandbox(provider ?? ''))
    throw new Error(`entry ${event} is of a sandbox, which never posts`);
  const stray = entry.legs.find((leg) => !isListed(leg, { company, provider }));
  if (stray !== undefined)
    throw new Error(`entry ${event} has a leg of ${stray.of} in ${stray.account}, in whose lists it does not stand`);
}

const answerTo = (entry: NewEntry, stored: Item | null): Posted =>
  contentOf(StoredEntry.parse(stored)) === contentOf({ ...entry, occurredAt: iso(entry.occurredAt) })
    ? 'repeated'
    : 'refused';

function entryItem(entry: NewEntry, open: string | null, postedAt: number): Item {
  const { company, provider, ...shown } = entry;
  const { period, closedPeriod } = periodOf(entry.occurredAt, open);
  const order = `${timeKey(postedAt)}#${entry.event}`;
  return {
    ...entryKey(entry.event),
    ...shown,
    occurredAt: iso(entry.occurredAt),
    period,
    legs: textOfLegs(entry.legs),
    facts: textOfFacts(closedPeriod === null ? entry.facts : { ...entry.facts, closedPeriod }),
    cpk: listPartition(company ?? MARKET_LIST, period),
    csk: order,
    ppk: listPartition(provider ?? MARKET_LIST, period),
    psk: order,
  };
}

/** One entry by its event. */
export const readEntry = async (call: Call, event: string): Promise<EntryView | undefined> =>
  (await readEntries(call, [event])).get(event);

/** Whether a business event was posted. */
export const entryExists = async (call: Call, event: string): Promise<boolean> =>
  (await readEntry(call, event)) !== undefined;

/** The entries of some business events, by event; what was not posted is absent. */
export async function readEntries(call: Call, events: readonly string[]): Promise<Map<string, EntryView>> {
  const found = await entriesAt(call, events.map(entryKey), { consistent: true });
  return new Map([...found.values()].map((entry) => [entry.event, entry]));
}

/** Which of these requests have their charge posted. */
export const postedRequests = async (call: Call, requests: readonly string[]): Promise<Set<string>> =>
  new Set((await readCharges(call, requests)).keys());

/** The charges of some requests, by request. */
export async function readCharges(call: Call, requests: readonly string[]): Promise<Map<string, EntryView>> {
  const found = await readEntries(call, requests.map(chargeEvent));
  return new Map([...found].map(([event, entry]) => [event.slice(CHARGES.length), entry]));
}

/** What of a charge other providers were paid, of those that are asked for. */
export async function readSplits(
  call: Call,
  request: string,
  providers: readonly string[],
): Promise<{ provider: string; micros: number }[]> {
  const found = await readEntries(
    call,
    providers.map((provider) => splitEvent(request, provider)),
  );
  return providers.flatMap((provider) => {
    const leg = found.get(splitEvent(request, provider))?.legs.find(({ account }) => account === '2100');
    return leg === undefined ? [] : [{ provider, micros: 0 - leg.micros }];
  });
}

/** What an SLA credit of a request came to: the provider's share and the market's; null where there is none. */
export async function readSlaCredit(
  call: Call,
  request: string,
): Promise<{ providerMicros: number; marketMicros: number } | null> {
  const entry = await readEntry(call, slaEvent(request));
  return entry === undefined ? null : slaParts(entry.legs);
}

const ListKey = z.object({ pk: z.string(), sk: z.string() });
const BATCH = 100;
const WIDTH = 8;
const BY_COMPANY = { name: 'byCompany', pk: 'cpk', sk: 'csk' };
const BY_PROVIDER = { name: 'byProvider', pk: 'ppk', sk: 'psk' };

export const sideOf = (owner: string): Side => (owner.startsWith('pr_') ? 'provider' : 'company');
export const indexOf = (side: Side): typeof BY_COMPANY => (side === 'provider' ? BY_PROVIDER : BY_COMPANY);
/** The partition of either index that is one party's list of a month. */
export const listPartition = (owner: string, period: string): string => `${owner}#${period}`;

/**
 * A page of one party's entries of a month, in order of posting; `owner` is a company, a provider or the market's own list.
 * With `isWanted` only those of some events are read; a page may then be short.
 */
export async function listEntries(
  call: Call,
  owner: string,
  period: string,
  page: PageOfList,
  side: Side = sideOf(owner),
): Promise<EntryPage> {
  const { keys, after } = await pageOfKeys(call, owner, period, page, side);
  const entries = await entriesAt(call, keys);
  return { items: keys.flatMap((key) => entries.get(keyText(key)) ?? []), after };
}

type PageOfList = { limit: number; after?: Item; isWanted?: (event: string) => boolean };
export type EntryPage = { items: EntryView[]; after: Item | undefined };

/** First pages of several parties' months, in their order: the entries of all of them are read together. */
export async function firstPages(
  call: Call,
  lists: readonly { owner: string; period: string; isWanted?: (event: string) => boolean }[],
  limit: number,
): Promise<EntryPage[]> {
  const pages = await mapConcurrent(lists, WIDTH, ({ owner, period, ...only }) =>
    pageOfKeys(call, owner, period, { limit, ...only }, sideOf(owner)),
  );
  const all = pages.flatMap(({ keys }) => keys);
  const batches = Array.from({ length: Math.ceil(all.length / BATCH) }, (_, i) =>
    all.slice(i * BATCH, (i + 1) * BATCH),
  );
  const read = await mapConcurrent(batches, WIDTH, (keys) => entriesAt(call, keys));
  const entries = new Map(read.flatMap((batch) => [...batch]));
  return pages.map(({ keys, after }) => ({ items: keys.flatMap((key) => entries.get(keyText(key)) ?? []), after }));
}

async function pageOfKeys(
  call: Call,
  owner: string,
  period: string,
  { limit, after, isWanted = () => true }: PageOfList,
  side: Side,
): Promise<{ keys: Key[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', ListKey, {
    index: indexOf(side),
    pk: listPartition(owner, period),
    limit,
    ...(after === undefined ? {} : { after }),
  });
  const keys = found.items.filter(({ pk }) => isWanted(pk.slice('E#'.length)));
  return { keys, after: found.after as Item | undefined };
}

/** All of one party's entries of a month. */
export async function allEntries(
  call: Call,
  owner: string,
  period: string,
  side: Side = sideOf(owner),
): Promise<EntryView[]> {
  const all: EntryView[] = [];
  let after: Item | undefined;
  do {
    const page = await listEntries(
      call,
      owner,
      period,
      { limit: 100, ...(after === undefined ? {} : { after }) },
      side,
    );
    all.push(...page.items);
    after = page.after;
  } while (after !== undefined);
  return all;
}
