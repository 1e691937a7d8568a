/** What a provider earned in a month, by currency: before what later changed it, and whatever has been paid of it. */
import type { Call } from '../kernel/call.ts';
import { asMicros, Currency } from '../kernel/money.ts';
import { earningKey, entryKeys, readMovements } from './book.store.ts';
import { Earning } from './book.ts';
import { roleOf } from './payable.ts';

/** In micro-units; from its book where that is folded through the month (`folded`), else from the entries posted by now. */
export async function earnedIn(
  call: Call,
  provider: string,
  period: string,
  folded: string | null,
): Promise<Map<Currency, number>> {
  const earned = new Map<Currency, number>();
  const add = (currency: Currency, micros: number): void =>
    void earned.set(currency, asMicros((earned.get(currency) ?? 0) + micros));
  if (folded !== null && period <= folded) {
    for (const currency of Currency.options) {
      const { pk, sk } = earningKey({ provider, currency, period, company: '', kind: 'charges' });
      const prefix = sk.slice(0, sk.indexOf(period) + period.length + 1);
      const months = await call.tables.queryAll('ledger', Earning, { pk, prefix, consistent: true });
      for (const { earnedMicros } of months) add(currency, earnedMicros);
    }
    return earned;
  }
  for await (const keys of entryKeys(call, provider, period)) {
    const earnings = keys.filter(({ pk }) => roleOf(pk.slice('E#'.length)) !== 'adjustment');
    for (const { currency, micros } of await readMovements(call, provider, earnings)) add(currency, micros);
  }
  return earned;
}
