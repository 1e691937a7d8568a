/** Queues by their names. The market's list is read once for all of them. */
import { Text } from '@mantine/core';
import type { PublicQueue } from '../../../../shared/queue/queue.ts';
import { longName, shortName } from '../../../../shared/service-class/class-name.ts';
import type { ServiceClass } from '../../../../shared/service-class/service-class.ts';
import { useWhole } from '../../api/use-api.ts';
import { elsewhere } from '../../app/elsewhere.ts';
import { Go } from '../../ui/go.tsx';

/** The market's queues; empty until they are read. */
export function useQueueList(): readonly PublicQueue[] {
  return useWhole('/v1/queues', { query: { limit: 100 } }).data?.items ?? [];
}

export const useQueue = (id: string): PublicQueue | undefined => useQueueList().find((queue) => queue.id === id);

/** A queue in two lines. */
export function ClassName({ of }: { of: ServiceClass }) {
  return (
    <span>
      <Text span fw={600} display="block" className="in-one">
        {shortName(of)}
      </Text>
      <Text span size="sm" c="dimmed" fw={400} display="block" className="in-one">
        {of.language} · {of.region} · {of.slaTier}
      </Text>
    </span>
  );
}

/** A queue in one line, by its id; it opens the queue's page. */
export function QueueLink({ id }: { id: string }) {
  const queue = useQueue(id);
  const name = queue === undefined ? id : longName(queue.serviceClass);
  const href = elsewhere('/queues/$queue', { queue: id });
  return href === undefined ? <span>{name}</span> : <Go href={href}>{name}</Go>;
}

/** A queue's name in one line, by its id; the id until that is read. */
export function useQueueName(id: string): string {
  const queue = useQueue(id);
  return queue === undefined ? id : longName(queue.serviceClass);
}

/** Its name in two lines, for tables. */
export function QueueName({ id }: { id: string }) {
  const queue = useQueue(id);
  return queue === undefined ? id : <ClassName of={queue.serviceClass} />;
}

/** A queue in short, with the round where there is one, as a figure's column shows it. */
export function QueueInLine({ id, round }: { id: string | null; round?: number | null }) {
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
