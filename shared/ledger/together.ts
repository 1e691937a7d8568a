/** Several writes of the ledger in one transaction. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Change, Condition, Item, Key, Write, Written } from '../kernel/table.ts';

export type LedgerWrite =
  | { kind: 'put'; item: Item; when?: Condition }
  | { kind: 'update'; key: Key; change: Change; when: Condition };

/** A transaction takes 100 writes: so many leave room for one more. */
export const MOST_TOGETHER = 99;
const WIDTH = 8;

export const inLedger = (write: LedgerWrite): Write => ({ ...write, table: 'ledger' });

/** Makes writes that are each right by itself. Where one has lost its condition, as after a crash, those with it are made one by one. */
export async function writeTogether(call: Call, writes: readonly LedgerWrite[]): Promise<void> {
  for (let at = 0; at < writes.length; at += MOST_TOGETHER) {
    const some = writes.slice(at, at + MOST_TOGETHER);
    const isWritten = some.length > 1 && (await call.tables.transact(some.map(inLedger))).ok;
    if (!isWritten) await writeEach(call, some);
  }
}

/** Makes each of some writes by itself, and answers what became of each, in their order. */
export const writeEach = (call: Call, writes: readonly LedgerWrite[]): Promise<Written[]> =>
  mapConcurrent(writes, WIDTH, (write) =>
    write.kind === 'put'
      ? call.tables.put('ledger', write.item, write.when)
      : call.tables.update('ledger', write.key, write.change, write.when),
  );
