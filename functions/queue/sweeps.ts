/** Runs the sweep that a message names, until nothing is left of what is due, or this run's time is up. */
import * as z from 'zod';
import { PASSES, type SweepMessage } from '../../shared/dispatch/due.ts';
import { mapConcurrent } from '../../shared/kernel/call.ts';
import { Currency } from '../../shared/kernel/money.ts';
import { writeGauges } from '../gauges.ts';
import { consumer } from '../middleware/consumer.ts';
import type { Runtime } from '../runtime.ts';
import { type Run, runDue } from '../sweeps.ts';

/** After this nothing is begun again: a piece takes some seconds, and the function has thirty. The next minute goes on. */
const GOES_ON_MS = 20_000;
/** Lanes of a message that are swept side by side. */
const WIDTH = 8;

const Lane = z.object({
  kind: z.literal('lane'),
  queue: z.string(),
  round: z.int(),
  provider: z.string().nullable(),
  shard: z.int(),
});
const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('leases'), partition: z.string(), pass: z.enum(PASSES) }),
  Lane,
  z.object({ kind: z.literal('lanes'), lanes: z.array(Lane) }),
  z.object({ kind: z.literal('deliveries'), shard: z.int() }),
  z.object({ kind: z.literal('errands'), shard: z.int() }),
  z.object({ kind: z.literal('provider'), provider: z.string() }),
  z.object({ kind: z.literal('days') }),
  z.object({ kind: z.literal('incidents') }),
  z.object({ kind: z.literal('watch'), queue: z.string() }),
  z.object({ kind: z.literal('budget'), company: z.string(), currency: Currency }),
]);

export const handler = consumer(Message, async (runtime, message: SweepMessage) => {
  const endsAt = performance.now() + GOES_ON_MS;
  if (message.kind !== 'lanes') return sweep(runtime, message, endsAt);
  // A lane that fails holds up no other; the message comes again, and those that are done have nothing left.
  const failures: unknown[] = [];
  await mapConcurrent(message.lanes, WIDTH, (lane) =>
    measured(runtime, lane).catch((error: unknown) => failures.push(error)),
  );
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} lanes failed: ${String(failures[0])}`);
});

/** `endsAt` is of `performance.now()`. */
async function sweep(runtime: Runtime, due: Exclude<SweepMessage, { kind: 'lanes' }>, endsAt: number): Promise<void> {
  for (;;) {
    const now = runtime.clock.now();
    const { nextAt } = await measured(runtime, due);
    if (nextAt === null || nextAt > now || performance.now() > endsAt) return;
  }
}

/** Lanes are many: those in time say nothing. */
async function measured(runtime: Runtime, due: Exclude<SweepMessage, { kind: 'lanes' }>): Promise<Run> {
  const run = await runDue(runtime, due, runtime.clock.now());
  if (run.lateMs !== undefined && run.lateMs > 0) writeGauges(runtime, { LateRequestSeconds: run.lateMs });
  return run;
}
