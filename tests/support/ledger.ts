/** Balances added up apart from the product's own way: each leg alone, in BigInt. */
import type { EntryView } from '../../shared/ledger/ledger.ts';

export type AddedUp = { account: string; of: string | null; debitMicros: number; creditMicros: number };

/** Debits and credits by account and owner, in order. */
export function addUp(entries: readonly Pick<EntryView, 'legs'>[]): AddedUp[] {
  const sums = new Map<string, { account: string; of: string | null; debit: bigint; credit: bigint }>();
  for (const { legs } of entries)
    for (const { account, of, micros } of legs) {
      const key = JSON.stringify([account, of]);
      const sum = sums.get(key) ?? { account, of, debit: 0n, credit: 0n };
      if (micros > 0) sum.debit += BigInt(micros);
      else sum.credit -= BigInt(micros);
      sums.set(key, sum);
    }
  return [...sums]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { account, of, debit, credit }]) => ({
      account,
      of,
      debitMicros: Number(debit),
      creditMicros: Number(credit),
    }));
}

/** All debits less all credits; nothing in sound books. */
export const imbalance = (entries: readonly Pick<EntryView, 'legs'>[]): bigint =>
  entries.flatMap(({ legs }) => legs).reduce((sum, { micros }) => sum + BigInt(micros), 0n);
