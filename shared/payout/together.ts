/** Several writes of the ledger in one transaction. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Change, Condition, Item, Key } from '../kernel/table.ts';

export type LedgerWrite =
  | { kind: 'put'; item: Item; when: Condition }
  | { kind: 'update'; key: Key; change: Change; when: Condition };

/** A transaction takes 100 writes: so many leave room for one more. */
export const MOST_TOGETHER = 99;
const WIDTH = 8;

/** Makes writes that are each right by itself. Where one has lost its condition, as after a crash, those with it are made one by one. */
export async function writeTogether(call: Call, writes: readonly LedgerWrite[]): Promise<void> {
  for (let at = 0; at < writes.length; at += MOST_TOGETHER) {
    const some = writes.slice(at, at + MOST_TOGETHER);
    const together = await call.tables.transact(some.map((write) => ({ ...write, table: 'ledger' })));
    if (!together.ok) await mapConcurrent(some, WIDTH, (write) => makeOne(call, write));
  }
}

const makeOne = (call: Call, write: LedgerWrite): Promise<unknown> =>
  write.kind === 'put'
    ? call.tables.put('ledger', write.item, write.when)
    : call.tables.update('ledger', write.key, write.change, write.when);
