/** The thread of the bundled queues; `engines.ts` starts it. */
import { startSqsEngine } from './sqs-engine.ts';
import { given, serve } from './thread.ts';

export type SqsThread = { endpoint: () => Promise<string>; stop: () => Promise<void> };

const started = startSqsEngine(given<string>());
serve<SqsThread>({
  endpoint: async () => (await started).endpoint,
  stop: async () => (await started).stop(),
});
