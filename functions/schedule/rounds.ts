/** Every minute: takes each due round one step, and measures how late the first is that waits. */
import { viewDue } from '../../shared/operations/sweep-view.store.ts';
import { writeGauges } from '../gauges.ts';
import { readyRuntime } from '../runtime.ts';
import { runDue } from '../sweeps.ts';

export const handler = async (): Promise<void> => {
  const runtime = await readyRuntime();
  const now = runtime.clock.now();
  let uncleared = 0;
  try {
    uncleared = (await runDue(runtime, { kind: 'rounds' }, now)).lateMs ?? 0;
  } finally {
    const due = await viewDue({ tables: runtime.tables, now });
    // One that is asked to be cleared again and again is never due for long.
    const waiting = due.find(({ kind }) => kind === 'round')?.lagMs ?? 0;
    writeGauges(runtime, { LateRoundSeconds: Math.max(uncleared, waiting) });
  }
};
