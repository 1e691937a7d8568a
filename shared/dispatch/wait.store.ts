/**
 * Samples of waits, `WAIT#<queue>` / `-`. A claim has the requests that it took at hand: their waits are remembered, and every
 * ten minutes a queue's last few are kept. Nothing is read for it and nothing written per request; what a process has not kept
 * when it ends is lost, as of any sample.
 */
import * as z from 'zod';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { storedText, textOf } from '../kernel/stored-text.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { MINUTE } from '../kernel/time.ts';
import type { Head } from '../request/request.ts';
import {
  SAMPLE_EVERY_MS,
  SAMPLES_AT_ONCE,
  type WaitRange,
  WaitSample,
  waitRange,
  waitsOf,
  withSamples,
} from './wait.ts';

const Waits = z.object({ sampledAt: z.number(), samples: storedText(z.array(WaitSample)) });
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

const unkept = cachePerOwner<WaitSample[]>(10_000);

/** Samples the waits of requests that were just claimed for the first time; a queue's are kept once in ten minutes. */
export async function sampleWaits(call: Call, claimed: readonly Head[]): Promise<void> {
  const byQueue = [...Map.groupBy(claimed, (head) => head.queue)];
  await mapConcurrent(byQueue, WIDTH, async ([queue, own]) => {
    const samples = unkept(call.tables.owner);
    const more = [...(await samples.get(queue, async () => [])), ...waitsOf(own, call.now)].slice(-SAMPLES_AT_ONCE);
    samples.set(queue, more);
    const old = await readWaits(call, queue);
    if (more.length === 0 || old.sampledAt > call.now - SAMPLE_EVERY_MS) return;
    samples.forget(queue);
    await keep(call, queue, old, more);
  });
}

/** One conditional write; where another process has sampled since these were read, its samples stand. */
async function keep(call: Call, queue: string, old: Waits, more: readonly WaitSample[]): Promise<void> {
  const next: Waits = { sampledAt: call.now, samples: withSamples(old.samples, more) };
  const when = old === NONE ? ABSENT : ([['=', 'sampledAt', old.sampledAt]] as const);
  const item = { ...waitKey(queue), ...next, samples: textOf(next.samples) };
  const written = await call.tables.put('requests', item, when);
  if (written.ok) remembered(call.tables.owner).set(queue, next);
  else remembered(call.tables.owner).forget(queue);
}
