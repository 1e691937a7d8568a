/** Takes in rows of the import that a message names, and sends for the next run where rows are left. */
import * as z from 'zod';
import { ImportId } from '../../shared/import/import.ts';
import { runImport } from '../../shared/import/run.store.ts';
import { consumer } from '../middleware/consumer.ts';
import { hurrier } from '../runtime.ts';
import { hurry } from '../sweeps.ts';
import { loadTriageModel } from '../triage-model.ts';

const Message = z.object({ import: ImportId });
/** 500 rows: a fraction of the function's time even where each takes a tenth of a second. */
const MOST_STEPS = 10;

export const handler = consumer(Message, async (runtime, message) => {
  const call = { tables: runtime.tables.metered(), now: runtime.clock.now(), hurry: hurrier(runtime) };
  try {
    const { more } = await runImport(call, message.import, MOST_STEPS, loadTriageModel);
    if (more) await hurry(runtime, 'imports', [message]);
  } finally {
    runtime.recordConsumption('import', call.tables.consumed);
  }
});
