/** Clears the round that a message names, finally or provisionally. Clearing again writes the same, so a message may come twice. */
import * as z from 'zod';
import type { Call } from '../../shared/kernel/call.ts';
import { QueueId, RoundNumber } from '../../shared/kernel/id.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { dropProvisional } from '../../shared/provisional/provisional.store.ts';
import { clearProvisionally } from '../../shared/provisional/provisional-clearing.store.ts';
import { clearRound } from '../../shared/round/clearing.store.ts';
import { consumer } from '../middleware/consumer.ts';
import { hurrier } from '../runtime.ts';

const solver = createMarketSolver();
const Message = z.object({
  queue: QueueId,
  round: RoundNumber,
  /** When the provisional clearing that is asked for was due; absent for the clearing itself. */
  provisional: z.number().optional(),
});

export const handler = consumer(Message, async (runtime, message) => {
  const call: Call = { tables: runtime.tables.metered(), now: runtime.clock.now(), hurry: hurrier(runtime) };
  const { queue, round, provisional } = message;
  if (provisional !== undefined) {
    const outcome = await clearProvisionally(call, queue, round, provisional, solver);
    runtime.recordConsumption('clear-provisionally', call.tables.consumed);
    runtime.log('info', outcome, message);
    return;
  }
  const outcome = await clearRound(call, queue, round, solver);
  await dropProvisional(call, queue, round);
  runtime.recordConsumption('clear', call.tables.consumed);
  runtime.log('info', outcome, message);
});
