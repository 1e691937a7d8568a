/** Messages say only 'look at this id'; they are sent after the write and may be lost. */
import * as z from 'zod';

export const QueueName = z
  .enum(['clearing', 'sweeps', 'deliveries', 'imports', 'stripe-in', 'stripe-out'])
  .meta({ id: 'MessageQueue' });
export type QueueName = z.infer<typeof QueueName>;
/** What they carry is the market's money: its finance people see what failed there. */
export const MONEY_QUEUES: readonly QueueName[] = ['stripe-in', 'stripe-out'];
