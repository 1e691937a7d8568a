/** Reads what everybody may see of a class's queue, for an estimate. Writes nothing. */
import type { Call } from '../kernel/call.ts';
import { mapConcurrent } from '../kernel/call.ts';
import { listRounds, readQueue } from '../queue/queue.store.ts';
import { queueIdOf } from '../service-class/service-class.ts';
import { type ClassEstimate, type EstimateInput, estimateClass, ROUNDS_LOOKED_AT } from './estimate.ts';

/** One estimate per class asked for, in their order. */
export async function estimate(call: Call, input: EstimateInput): Promise<ClassEstimate[]> {
  return mapConcurrent(input.demand, 8, async ({ serviceClass, currency, volume }) => {
    const id = queueIdOf(serviceClass, currency);
    const [queue, page] = await Promise.all([
      readQueue(call.tables, id),
      listRounds(call.tables, id, { limit: ROUNDS_LOOKED_AT + 2 }),
    ]);
    // The newest two may not be published yet.
    return estimateClass(id, volume, queue, page?.items ?? []);
  });
}
