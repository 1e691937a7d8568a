/** Every minute: takes each due round one step, and measures how late the first is that waits. */
import { viewDue } from '../../shared/operations/sweep-view.store.ts';
import { writeGauges } from '../gauges.ts';
import { readyRuntime } from '../runtime.ts';
import { runDue } from '../sweeps.ts';

export const handler = async (): Promise<void> => {
  const runtime = await readyRuntime();
  const now = runtime.clock.now();
  try {
    await runDue(runtime, { kind: 'rounds' }, now);
  } finally {
    const due = await viewDue({ tables: runtime.tables, now });
    writeGauges(runtime, { LateRoundSeconds: due.find(({ kind }) => kind === 'round')?.lagMs ?? 0 });
  }
};
