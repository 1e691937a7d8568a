/** A queue in one line, as a figure's column shows it. */
import { shortName } from '../company-parts/queue-name.ts';
import { useQueue } from '../company-parts/queues.tsx';

export function QueueName({ id, round }: { id: string | null; round?: number | null }) {
  const queue = useQueue(id ?? '');
  if (id === null || id === '') return <span>–</span>;
  const name = queue === undefined ? id : shortName(queue.serviceClass);
  return (
    <span title={id}>
      {name}
      {round !== undefined && round !== null && ` · ${round}`}
    </span>
  );
}
