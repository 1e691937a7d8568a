/** What a provider earned in a month, by currency: before what later changed it, and whatever has been paid of it. */
import * as z from 'zod';
import type { Call } from '../kernel/call.ts';
import { asMicros, Currency } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import { balanceIn } from '../ledger/balance.ts';
import { type Allowance, foldOf } from '../ledger/fold.store.ts';
import { listPartition, readEntries } from '../ledger/ledger.store.ts';
import { closedThrough } from '../ledger/period.store.ts';
import { BY_PROVIDER, earningKey } from './book.store.ts';
import { Earning } from './book.ts';
import { roleOf } from './payable.ts';

const KEYS_READ = 1_000;
const BATCH = 100;
const EARNS = ['charges', 'shortfall'];

/**
 * In micro-units; from its book where that is folded through the month (`folded`), else from what the month's list comes to,
 * less the few entries that earned nothing. Null where the allowance ran out: asked again, it goes on.
 */
export async function earnedIn(
  call: Call,
  provider: string,
  period: string,
  folded: string | null,
  allowance: Allowance,
): Promise<Map<Currency, number> | null> {
  const isInBook = folded !== null && period <= folded;
  return isInBook ? earnedInBook(call, provider, period) : earnedInList(call, provider, period, allowance);
}

async function earnedInBook(call: Call, provider: string, period: string): Promise<Map<Currency, number>> {
  const earned = new Map<Currency, number>();
  for (const currency of Currency.options) {
    const { pk, sk } = earningKey({ provider, currency, period, company: '', kind: 'charges' });
    const prefix = sk.slice(0, sk.indexOf(period) + period.length + 1);
    const months = await call.tables.queryAll('ledger', Earning, { pk, prefix, consistent: true });
    if (months.length === 0) continue;
    earned.set(
      currency,
      months.reduce((sum, { earnedMicros }) => asMicros(sum + earnedMicros), 0),
    );
  }
  return earned;
}

async function earnedInList(
  call: Call,
  provider: string,
  period: string,
  allowance: Allowance,
): Promise<Map<Currency, number> | null> {
  const closed = await closedThrough(call);
  const isClosed = closed !== null && period <= closed;
  const fold = await foldOf(call, { side: 'provider', owner: provider }, period, isClosed, allowance);
  if (fold === null) return null;
  const earned = new Map<Currency, number>();
  const add = (currency: Currency, micros: number): void => {
    if (micros !== 0) earned.set(currency, asMicros((earned.get(currency) ?? 0) + micros));
  };
  for (const currency of Currency.options)
    add(currency, 0 - balanceIn(fold.rows, { currency, account: '2100', of: provider }));
  const others = await otherEvents(call, provider, period);
  for (let at = 0; at < others.length; at += BATCH)
    for (const { currency, legs } of (await readEntries(call, others.slice(at, at + BATCH))).values())
      for (const leg of legs) if (leg.account === '2100' && leg.of === provider) add(currency, leg.micros);
  return earned;
}

/** The events of a month's list that earn nothing: payouts, disputes, corrections. Their names say so, so that no other is read. */
async function otherEvents(call: Call, provider: string, period: string): Promise<string[]> {
  const others: string[] = [];
  let after: Item | undefined;
  do {
    const page = await call.tables.query('ledger', z.object({ psk: z.string() }), {
      index: BY_PROVIDER,
      pk: listPartition(provider, period),
      limit: KEYS_READ,
      ...(after === undefined ? {} : { after }),
    });
    const events = page.items.map(({ psk }) => psk.slice(psk.indexOf('#') + 1));
    others.push(...events.filter((event) => !EARNS.includes(roleOf(event))));
    after = page.after as Item | undefined;
  } while (after !== undefined);
  return others;
}
