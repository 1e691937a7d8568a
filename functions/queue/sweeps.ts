/** Runs the sweep that a message names. */
import * as z from 'zod';
import { type MarketDue, PASSES } from '../../shared/dispatch/due.ts';
import { Currency } from '../../shared/kernel/money.ts';
import { writeGauges } from '../gauges.ts';
import { consumer } from '../middleware/consumer.ts';
import { runDue } from '../sweeps.ts';

const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('leases'), partition: z.string(), pass: z.enum(PASSES) }),
  z.object({
    kind: z.literal('lane'),
    queue: z.string(),
    round: z.int(),
    provider: z.string().nullable(),
    shard: z.int(),
  }),
  z.object({ kind: z.literal('deliveries'), shard: z.int() }),
  z.object({ kind: z.literal('errands'), shard: z.int() }),
  z.object({ kind: z.literal('provider'), provider: z.string() }),
  z.object({ kind: z.literal('days') }),
  z.object({ kind: z.literal('budget'), company: z.string(), currency: Currency }),
]);

export const handler = consumer(
  Message,
  async (runtime, message: Exclude<MarketDue, { kind: 'rounds' | 'imports' }>) => {
    const { lateMs = 0 } = await runDue(runtime, message, runtime.clock.now());
    // Lanes are many: those in time say nothing.
    if (lateMs > 0) writeGauges(runtime, { LateRequestSeconds: lateMs });
  },
);
