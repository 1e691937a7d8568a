/** Clears the round that a message names. Clearing again writes the same, so a message may come twice. */
import * as z from 'zod';
import type { Call } from '../../shared/kernel/call.ts';
import { QueueId, RoundNumber } from '../../shared/kernel/id.ts';
import { createMarketSolver } from '../../shared/market/market-solver.ts';
import { clearRound } from '../../shared/round/clearing.store.ts';
import { consumer } from '../middleware/consumer.ts';

const solver = createMarketSolver();

export const handler = consumer(z.object({ queue: QueueId, round: RoundNumber }), async (runtime, message) => {
  const call: Call = { tables: runtime.tables.metered(), now: runtime.clock.now() };
  const outcome = await clearRound(call, message.queue, message.round, solver);
  runtime.recordConsumption('clear', call.tables.consumed);
  runtime.log('info', outcome, message);
});
