/** A queue by its id. */
import { longName } from '../company-parts/queue-name.ts';
import { ClassName, useQueue } from '../company-parts/queues.tsx';

/** Its name in one line; its id until that is read. */
export function useQueueName(id: string): string {
  const queue = useQueue(id);
  return queue === undefined ? id : longName(queue.serviceClass);
}

/** Its name in two lines, for tables. */
export function QueueName({ id }: { id: string }) {
  const queue = useQueue(id);
  return queue === undefined ? id : <ClassName of={queue.serviceClass} />;
}
