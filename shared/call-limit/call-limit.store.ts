/**
 * The bucket that all processes share, one item for each whose calls are counted: up to which instant the calls are spent that
 * come in at an even pace (the virtual schedule of ITU-T I.371), in microseconds of the machine's time.
 */
import * as z from 'zod';
import type { Key, Tables } from '../kernel/table.ts';
import type { CallLimit } from './call-limit.ts';

const Bucket = z.object({ spentUntil: z.number() });
const keyOf = (counted: string): Key => ({ pk: `CL#${counted}`, sk: '-' });
const MICROS = 1_000;
/** Tries while other processes begin the same bucket. */
const MOST_TRIES = 4;
/** An item nobody has used for a day is dropped: it says nothing any more. */
const KEPT_SECONDS = 86_400;

/**
 * Takes so many calls: one write of one unit in the middle of work, two after a pause. Where they are not there, answers how
 * long until they are, in milliseconds.
 */
export async function takeCalls(
  tables: Tables,
  counted: string,
  limit: CallLimit,
  calls: number,
  machineNow: number,
): Promise<{ ok: true } | { ok: false; waitMs: number }> {
  const now = machineNow * MICROS;
  const eachTakes = 1_000_000 / limit.perSecond;
  const cost = Math.ceil(calls * eachTakes);
  const latest = now + Math.ceil(limit.burst * eachTakes) - cost;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const taken = await tables.increment('market', keyOf(counted), 'spentUntil', cost, [
      ['>=', 'spentUntil', now],
      ['<=', 'spentUntil', latest],
    ]);
    if (taken.ok) return { ok: true };
    const { spentUntil } = Bucket.parse(taken.old ?? { spentUntil: 0 });
    if (spentUntil > latest) return { ok: false, waitMs: Math.ceil((spentUntil - latest) / MICROS) };
    // Full: the time that passed unused is not saved up.
    const set = { spentUntil: now + cost, ttl: Math.ceil(machineNow / 1_000) + KEPT_SECONDS };
    if ((await tables.update('market', keyOf(counted), { set }, [['absent or <', 'spentUntil', now]])).ok)
      return { ok: true };
  }
  return { ok: false, waitMs: 1 };
}
