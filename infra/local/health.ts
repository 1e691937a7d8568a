/** Whether every part of the marketplace answers, each asked for real. */
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { Consumers } from './consumers.ts';
import type { Engines } from './engines.ts';
import { QUEUE_NAMES } from './messages.ts';
import type { Health } from './pages.ts';

const PART_TIMEOUT_MS = 1_500;

/** Asks all parts at once; each has 1.5 s to answer. */
export async function checkHealth(engines: Engines, consumers: Consumers): Promise<Health> {
  const parts: Record<string, string> = {};
  const check = async (part: string, work: () => Promise<unknown>) => {
    parts[part] = await answers(work);
  };
  await Promise.all([
    ...Object.entries(engines.names).map(([id, name]) =>
      check(`table ${id}`, () => engines.client.send(new DescribeTableCommand({ TableName: name }))),
    ),
    ...QUEUE_NAMES.map((queue) => check(`queue ${queue}`, () => engines.queues.counts(queue))),
  ]);
  for (const queue of QUEUE_NAMES)
    parts[`consumer ${queue}`] = consumers.healthy().includes(queue) ? 'ok' : 'its last poll failed';
  const sorted = Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { healthy: Object.values(sorted).every((state) => state === 'ok'), parts: sorted };
}

async function answers(work: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${PART_TIMEOUT_MS} ms`), PART_TIMEOUT_MS);
  });
  const asked = work().then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.name : 'failed'),
  );
  const state = await Promise.race([asked, late]);
  clearTimeout(timer);
  return state;
}
