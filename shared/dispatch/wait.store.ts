/**
 * Samples of waits, `WAIT#<queue>` / `-`. The sweep over leases passes every turn anyway: every ten minutes a queue's few
 * turns at hand are looked up and kept. Nothing is done per request.
 */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { MINUTE } from '../kernel/time.ts';
import { headKey } from '../request/request.store.ts';
import { Head } from '../request/request.ts';
import type { Lease } from './lease.ts';
import { SAMPLE_EVERY_MS, SAMPLES_AT_ONCE, type WaitRange, WaitSample, waitRange, withSamples } from './wait.ts';

const Waits = z.object({ sampledAt: z.number(), samples: z.array(WaitSample) });
type Waits = z.infer<typeof Waits>;
const NONE: Waits = { sampledAt: 0, samples: [] };
const WIDTH = 8;

const waitKey = (queue: string): Key => ({ pk: `WAIT#${queue}`, sk: '-' });
const remembered = cachePerOwner<Waits>(10_000, MINUTE);

async function readWaits(call: Call, queue: string): Promise<Waits> {
  return remembered(call.tables.owner).get(
    queue,
    async () => (await call.tables.get('requests', waitKey(queue), Waits)) ?? NONE,
  );
}

/** The range of recent waits in a queue, at most a minute old; null where too few are known. */
export async function readWaitRange(call: Call, queue: string): Promise<WaitRange | null> {
  return waitRange((await readWaits(call, queue)).samples, call.now);
}

/** Keeps the waits of some turns' requests, unless their queue's were sampled within ten minutes. */
export async function sampleWaits(call: Call, leases: readonly Lease[]): Promise<void> {
  const byQueue = [...Map.groupBy(leases, (lease) => lease.queue)];
  await mapConcurrent(byQueue, WIDTH, async ([queue, own]) => {
    const old = await readWaits(call, queue);
    if (old.sampledAt > call.now - SAMPLE_EVERY_MS) return;
    const keys = own.slice(-SAMPLES_AT_ONCE).map((lease) => headKey(lease.request));
    const heads = await call.tables.getMany('requests', keys, Head);
    const more = [...heads.values()].flatMap((head): WaitSample[] => {
      const first = head.history.find(([event]) => event === 'leased');
      return first === undefined ? [] : [[first[1], Math.max(0, first[1] - head.acceptedAt), head.id.slice(-8)]];
    });
    await keep(call, queue, old, more);
  });
}

/** One conditional write; where another process has sampled since these were read, its samples stand. */
async function keep(call: Call, queue: string, old: Waits, more: readonly WaitSample[]): Promise<void> {
  const next: Waits = { sampledAt: call.now, samples: withSamples(old.samples, more) };
  const when = old === NONE ? ABSENT : ([['=', 'sampledAt', old.sampledAt]] as const);
  const written = await call.tables.put('requests', { ...waitKey(queue), ...next }, when);
  if (written.ok) remembered(call.tables.owner).set(queue, next);
  else remembered(call.tables.owner).forget(queue);
}
