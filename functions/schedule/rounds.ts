/** Every minute: takes each due round one step. */
import { readyRuntime } from '../runtime.ts';
import { runDue } from '../sweeps.ts';

export const handler = async (): Promise<void> => {
  const runtime = await readyRuntime();
  await runDue(runtime, { kind: 'rounds' }, runtime.clock.now());
};
