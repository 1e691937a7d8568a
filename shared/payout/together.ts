/** Several updates of the ledger in one transaction. */
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Change, Condition, Key } from '../kernel/table.ts';

export type Update = { key: Key; change: Change; when: Condition };

/** A transaction takes 100 writes: so many leave room for one more. */
export const MOST_TOGETHER = 99;
const WIDTH = 8;

/** At most `MOST_TOGETHER`. Where one has lost its condition, as after a crash, each is made by itself. */
export async function updateTogether(call: Call, updates: readonly Update[]): Promise<void> {
  if (updates.length === 0) return;
  const writes = updates.map((update) => ({ kind: 'update', table: 'ledger', ...update }) as const);
  if ((await call.tables.transact(writes)).ok) return;
  await mapConcurrent(updates, WIDTH, ({ key, change, when }) => call.tables.update('ledger', key, change, when));
}
