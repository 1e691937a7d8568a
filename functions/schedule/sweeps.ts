/** Every minute: one message for each lane and lease partition that may have work; the consumers look by key. */
import { readyRuntime } from '../runtime.ts';
import { allDue } from '../sweeps.ts';

export const handler = async (): Promise<void> => {
  const runtime = await readyRuntime();
  const tables = runtime.tables.metered();
  const now = runtime.clock.now();
  const due = await allDue(tables, now);
  runtime.recordConsumption('schedule-sweeps', tables.consumed);
  await runtime.send(
    'sweeps',
    due.flatMap((one) => (one.due.kind === 'rounds' || one.at > now ? [] : [one.due])),
  );
};
