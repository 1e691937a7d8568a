/** Which queues took so many requests within an hour that one of their companies may see a spike: the others need no look. */
import { LEAST_SEEN } from '../../shared/incident/spike.ts';
import { HOUR } from '../../shared/kernel/time.ts';

export class BusyQueues {
  /** The times of a queue's last requests, as many as a spike has at least. */
  private readonly last = new Map<string, number[]>();

  /** Takes note of a request, and says whether the queue is busy with it. */
  took(queue: string, at: number): boolean {
    const times = [...(this.last.get(queue) ?? []), at].slice(-LEAST_SEEN);
    this.last.set(queue, times);
    return times.length === LEAST_SEEN && at - times[0]! <= HOUR;
  }
}
