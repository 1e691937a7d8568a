/** Every five minutes: takes each piece of money's work that is due a step further. */
import { sweepFinance } from '../finance.ts';
import { readyRuntime } from '../runtime.ts';

export const handler = async (): Promise<void> => {
  const runtime = await readyRuntime();
  await sweepFinance(runtime, runtime.clock.now());
};
