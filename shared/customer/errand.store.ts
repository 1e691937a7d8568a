/**
 * What is to be done for customers after an answer was given: a mail, an erasure. Each is an item that stands in the list
 * `ERRANDS#<shard>` until it is done, so that a sweep finds it whatever happened to who began it.
 */
import * as z from 'zod';
import { ERRAND_SHARDS, errandPartition } from '../dispatch/due.ts';
import type { Call } from '../kernel/call.ts';
import { spread } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import type { Key } from '../kernel/table.ts';
import { MINUTE } from '../kernel/time.ts';

/** The keys of an errand in the list, from the key of its item and when it is due (ms). */
export const errandKeys = (key: Key, at: number): { lpk: string; lsk: string } => ({
  lpk: errandPartition(spread(key.pk) % ERRAND_SHARDS),
  lsk: `${timeKey(at)}#${key.pk}#${key.sk}`,
});

const ErrandKey = z.object({ pk: z.string(), sk: z.string(), lsk: z.string() });
const AT_ONCE = 25;
/** Who began an errand does it at once; the sweep waits so long before it looks. */
export const FIRST_SWEEP_MS = MINUTE;

/** Does what is due of one shard; answers when to look again, null where nothing waits. `run` throws where it failed. */
export async function runErrands(
  call: Call,
  shard: number,
  run: (key: Key) => Promise<void>,
): Promise<{ nextAt: number | null; failures: unknown[] }> {
  const page = await call.tables.query('requests', ErrandKey, {
    index: { name: 'list', pk: 'lpk', sk: 'lsk' },
    pk: errandPartition(shard),
    limit: AT_ONCE,
  });
  const failures: unknown[] = [];
  for (const item of page.items) {
    const at = Number(item.lsk.slice(0, 15));
    if (at > call.now) return { nextAt: at, failures };
    await run({ pk: item.pk, sk: item.sk }).catch((error: unknown) => failures.push(error));
  }
  const isAll = page.after === undefined && failures.length === 0;
  return { nextAt: page.items.length === 0 || isAll ? null : call.now + MINUTE, failures };
}
