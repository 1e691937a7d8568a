/** How far the witness has counted, `WITNESS` / `-`: listed as due from the first customer at Stripe on, every night. */
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { firstHour, nextCountAt } from './witness.ts';

export const WITNESS_DUE = 'witness';
const MARK: Key = { pk: 'WITNESS', sk: '-' };

/** All of `since` to `through` (ms, whole hours) has been counted and sent. */
export const WitnessMark = z.object({ since: z.number(), through: z.number() });
export type WitnessMark = z.infer<typeof WitnessMark>;

const begun = cachePerOwner<true>(1);

/** Begins to count, with the first customer at Stripe; in a process that has seen to it, this costs nothing. */
export async function beginWitness(call: Call): Promise<void> {
  const known = begun(call.tables.owner);
  if (known.has('')) return;
  const since = firstHour(call.now);
  const due = financeDueAt(call.now, WITNESS_DUE, 'hour');
  await call.tables.put('ledger', { ...MARK, since, through: since, ...due }, ABSENT);
  known.set('', true);
}

/** Undefined where nobody is a customer yet. */
export const readMark = (call: Call): Promise<WitnessMark | undefined> =>
  call.tables.get('ledger', MARK, WitnessMark, { consistent: true });

/** Everything through `through` was sent; never moves back. Answers when the next hours are counted. */
export async function markThrough(call: Call, through: number): Promise<number> {
  const nextAt = Math.max(nextCountAt(through), call.now);
  const set = { through, ...financeDueAt(nextAt, WITNESS_DUE, 'hour') };
  await call.tables.update('ledger', MARK, { set }, [['<=', 'through', through]]);
  return nextAt;
}
