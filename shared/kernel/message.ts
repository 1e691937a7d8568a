/** Messages say only 'look at this id'; they are sent after the write and may be lost. */
export type QueueName = 'clearing' | 'sweeps' | 'deliveries';
