/** Every minute: a message for each lease partition, queue's lanes and import that may have work; the consumers look by key. */
import { sweepMessages } from '../../shared/dispatch/due.ts';
import { writeGauges } from '../gauges.ts';
import { readyRuntime } from '../runtime.ts';
import { allDue, runDue } from '../sweeps.ts';

export const handler = async (): Promise<void> => {
  const runtime = await readyRuntime();
  const tables = runtime.tables.metered();
  const now = runtime.clock.now();
  const due = await allDue(tables, now);
  runtime.recordConsumption('schedule-sweeps', tables.consumed);
  const swept = due.flatMap((one) =>
    one.due.kind === 'rounds' || one.due.kind === 'imports' || one.at > now ? [] : [one.due],
  );
  await runtime.send('sweeps', sweepMessages(swept));
  await runDue(runtime, { kind: 'imports' }, now);
  // That all lanes are looked at; a late one says so itself.
  writeGauges(runtime, { LateRequestSeconds: 0 });
};
