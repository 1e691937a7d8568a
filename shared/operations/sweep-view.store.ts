/** How far the sweeps have come, read from their watermarks and from what lies beyond them. */
import * as z from 'zod';
import { PASSES, type Pass, passDelayMs, windowClassIn } from '../dispatch/due.ts';
import { readWatermarks, type Watermark } from '../dispatch/sweep.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { iso } from '../kernel/time.ts';
import { type DueView, lagOf, type SweepView } from './operations.ts';

const WIDTH = 6;
const timeIn = (sk: string): number => Number(sk.slice(0, 15));

/** The passes over some partitions of leases, in their order. */
export async function viewSweeps(call: Call, partitions: readonly string[]): Promise<SweepView[]> {
  const watermarks = await readWatermarks(call, partitions);
  const places = partitions.flatMap((partition) => PASSES.map((pass) => ({ partition, pass })));
  return mapConcurrent(places, WIDTH, ({ partition, pass }) =>
    viewPass(call, partition, pass, watermarks.get(`${partition}|!${pass}`)),
  );
}

async function viewPass(
  call: Call,
  partition: string,
  pass: Pass,
  watermark: Watermark | undefined,
): Promise<SweepView> {
  const through = watermark?.through ?? '0';
  const beyond = await call.tables.query('requests', z.object({ sk: z.string() }), {
    pk: partition,
    from: `${through}\u0001`,
    limit: 1,
  });
  const first = beyond.items[0];
  const dueAt = first === undefined ? null : timeIn(first.sk) + passDelayMs(pass, windowClassIn(partition));
  return {
    partition,
    pass,
    through: through === '0' ? null : iso(timeIn(through)),
    lastRunAt: watermark?.at === undefined ? null : iso(watermark.at),
    nextDueAt: dueAt === null ? null : iso(dueAt),
    lagMs: lagOf(dueAt, call.now),
  };
}

/** The first of what else is due by key: rounds, weeks of demand, caps, incidents whose requests are linked or told. */
export async function viewDue(call: Call): Promise<DueView[]> {
  return mapConcurrent(['round', 'demand', 'budget', 'incidents'] as const, WIDTH, async (kind) => {
    const index = { name: 'due', pk: 'dpk', sk: 'dsk' };
    const found = await call.tables.query('market', z.object({ dsk: z.string() }), { index, pk: kind, limit: 1 });
    const first = found.items[0];
    const dueAt = first === undefined ? null : timeIn(first.dsk);
    return { kind, nextDueAt: dueAt === null ? null : iso(dueAt), lagMs: lagOf(dueAt, call.now) };
  });
}
