/**
 * Entries `E#<event>` / `-`, append-only: one business event posts once, by one conditional put with its legs inside.
 * Lists by company and by provider are indexes over month and time.
 */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import type { Currency } from '../kernel/money.ts';
import { ABSENT, type Item, type Key, keyText } from '../kernel/table.ts';
import { iso, monthOf } from '../kernel/time.ts';
import { isSandbox } from '../sandbox/sandbox.ts';
import { type EntryKind, EntryView, type Leg } from './ledger.ts';
import { isBalanced } from './postings.ts';

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
  facts: Record<string, string | number | null>;
};

const entryKey = (event: string): Key => ({ pk: `E#${event}`, sk: '-' });
export const chargeEvent = (request: string): string => `charge#${request}`;

/**
 * Posts an entry. The same event with the same content posts once (`repeated`); with other content it is `refused`, and
 * nothing is written. An entry that does not balance throws: a bug. An entry may have no legs: a charge of nothing still
 * settles its request.
 */
export async function post(call: Call, entry: NewEntry): Promise<'posted' | 'repeated' | 'refused'> {
  if (!isBalanced(entry.legs)) throw new Error(`entry ${entry.event} does not balance`);
  if (isSandbox(entry.company ?? '') || isSandbox(entry.provider ?? ''))
    throw new Error(`entry ${entry.event} is of a sandbox, which never posts`);
  const written = await call.tables.put('ledger', entryItem(entry), ABSENT);
  if (written.ok) return 'posted';
  return content(EntryView.parse(written.old)) === content(viewOf(entry)) ? 'repeated' : 'refused';
}

const viewOf = ({ company: _company, provider: _provider, ...entry }: NewEntry): EntryView => ({
  ...entry,
  occurredAt: iso(entry.occurredAt),
  period: monthOf(entry.occurredAt),
});

/** What makes two entries the same: event, parties, amounts and time. Whether the pool or its carried account was meant, the first write has fixed. */
const content = (entry: EntryView): string => {
  const legs = entry.legs.map((leg) => (leg.account === '2400' || leg.account === '2410' ? { pool: leg.micros } : leg));
  return canonicalJson([entry.event, entry.kind, entry.occurredAt, entry.currency, legs]);
};

function entryItem(entry: NewEntry): Item {
  const period = monthOf(entry.occurredAt);
  const { company, provider } = entry;
  const order = `${timeKey(entry.occurredAt)}#${entry.event}`;
  return {
    ...entryKey(entry.event),
    ...viewOf(entry),
    cpk: `${company ?? MARKET_LIST}#${period}`,
    csk: order,
    ppk: `${provider ?? MARKET_LIST}#${period}`,
    psk: order,
  };
}

/** Whether a business event was posted. */
export async function entryExists(call: Call, event: string): Promise<boolean> {
  const found = await call.tables.get('ledger', entryKey(event), z.object({ pk: z.string() }), { consistent: true });
  return found !== undefined;
}

/** Which of these requests have their charge posted. */
export async function postedRequests(call: Call, requests: readonly string[]): Promise<Set<string>> {
  const found = await call.tables.getMany(
    'ledger',
    requests.map((request) => entryKey(chargeEvent(request))),
    z.object({ pk: z.string() }),
    { consistent: true },
  );
  return new Set([...found.values()].map((item) => item.pk.slice('E#charge#'.length)));
}

/** The charges of some requests, by request. */
export async function readCharges(call: Call, requests: readonly string[]): Promise<Map<string, EntryView>> {
  const found = await call.tables.getMany(
    'ledger',
    requests.map((request) => entryKey(chargeEvent(request))),
    EntryView,
    { consistent: true },
  );
  return new Map([...found.values()].map((entry) => [entry.event.slice('charge#'.length), entry]));
}

const ListKey = z.object({ pk: z.string(), sk: z.string() });
const BY_COMPANY = { name: 'byCompany', pk: 'cpk', sk: 'csk' };
const BY_PROVIDER = { name: 'byProvider', pk: 'ppk', sk: 'psk' };

export type Side = 'company' | 'provider';
const sideOf = (owner: string): Side => (owner.startsWith('pr_') ? 'provider' : 'company');

/** A page of one party's entries of a month, oldest first; `owner` is a company, a provider or the market's own list. */
export async function listEntries(
  call: Call,
  owner: string,
  period: string,
  page: { limit: number; after?: Item },
  side: Side = sideOf(owner),
): Promise<{ items: EntryView[]; after: Item | undefined }> {
  const index = side === 'provider' ? BY_PROVIDER : BY_COMPANY;
  const found = await call.tables.query('ledger', ListKey, {
    index,
    pk: `${owner}#${period}`,
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const entries = await call.tables.getMany('ledger', found.items, EntryView);
  return {
    items: found.items.map((key) => entries.get(keyText(key))).filter((entry) => entry !== undefined),
    after: found.after as Item | undefined,
  };
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
