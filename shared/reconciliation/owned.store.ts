/**
 * What 1200 and 2200 stand at by company. What was read of one is remembered, and holds until something is posted there:
 * an open invoice is looked at every night, and moves twice.
 */
import type { Call } from '../kernel/call.ts';
import { Currency } from '../kernel/money.ts';
import type { Result } from '../kernel/result.ts';
import { monthOf } from '../kernel/time.ts';
import type { AccountCode, AccountLine } from '../ledger/ledger.ts';
import type { Moved } from '../ledger/moved.ts';
import { accountsOfOwners } from '../ledger/statement.store.ts';
import type { Behind } from '../ledger/trial-balance.store.ts';

/** Balances are added up as far as one call may; what was added is kept, so that the next call goes on. */
const MOST_CALLS = 200;
/** What is compared by whose it is. */
export const BY_OWNER = ['1200', '2200'] as const;
export type OwnedLines = (of: { account: AccountCode; currency: Currency }) => readonly AccountLine[];

/** One company's lines, by account and currency, as they were read at an instant (ms). */
type Own = { readAt: number; lines: Map<string, AccountLine[]> };
const lastRead = new WeakMap<object, ReadonlyMap<string, Own>>();
const nameOf = (account: AccountCode, currency: Currency): string => `${account} ${currency}`;

/** The companies in whose 1200 or 2200 something was posted since an instant (ms). */
export type Posted = { changed: ReadonlySet<string>; since: number };

export const changedIn = (moved: ReadonlyMap<string, Moved>): Set<string> =>
  new Set(
    [...moved].flatMap(([company, { accounts }]) => (BY_OWNER.some((one) => accounts.has(one)) ? [company] : [])),
  );

/** The lines of some companies: those are read that were not read since then, or have changed. `closed` is the last month that is. */
export async function readOwned(
  call: Call,
  companies: readonly string[],
  { changed, since }: Posted,
  closed: string | null,
): Promise<OwnedLines> {
  const known = lastRead.get(call.tables.owner);
  const owned = new Map<string, Own>();
  const unread: string[] = [];
  for (const company of companies) {
    const own = known?.get(company);
    if (own === undefined || own.readAt < since || changed.has(company)) unread.push(company);
    else owned.set(company, own);
  }
  const read = await insisted(() => accountsOfOwners(call, unread, monthOf(call.now), closed));
  for (const company of unread) owned.set(company, { readAt: call.now, lines: new Map() });
  for (const account of BY_OWNER)
    for (const currency of Currency.options)
      for (const [company, lines] of Map.groupBy(read({ account, currency }), ({ of }) => of?.split('.')[0] ?? ''))
        owned.get(company)?.lines.set(nameOf(account, currency), lines);
  lastRead.set(call.tables.owner, owned);
  return ({ account, currency }) =>
    [...owned.values()].flatMap(({ lines }) => lines.get(nameOf(account, currency)) ?? []);
}

/** Asks for balances until they are not behind any more. */
export async function insisted<T>(read: () => Promise<Result<T, Behind>>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const found = await read();
    if (found.ok) return found.value;
    if (attempt === MOST_CALLS) throw new Error(found.detail);
  }
}
