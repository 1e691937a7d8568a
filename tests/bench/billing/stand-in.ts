/** Starts the stand-in for Stripe beside this process, and asks it what it was asked. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export type StandInAsk = 'counts' | 'stop';
export type Counted = {
  /** Calls by endpoint. */
  counts: Record<string, number>;
  refused: number;
  /** The most that one customer and its invoices took. */
  mostPerCustomer: number;
};
export type Access = { secretKey: string; port: number };
export type StandInTold = Counted | Access;

export type StandInProcess = {
  access: Access;
  /** What it was asked since it began. */
  counted: () => Promise<Counted>;
  stop: () => Promise<void>;
};

/** Its clock stands at `now` (ms). */
export async function startStandIn(now: number): Promise<StandInProcess> {
  const child = fork(new URL('stand-in-process.ts', import.meta.url), [String(now)], { serialization: 'advanced' });
  const [access] = (await once(child, 'message')) as [Access];
  const ask = (what: StandInAsk) => child.send(what);
  return {
    access,
    counted: async () => {
      const answer = once(child, 'message') as Promise<[Counted]>;
      ask('counts');
      return (await answer)[0];
    },
    stop: async () => {
      const ended = once(child, 'exit');
      ask('stop');
      await ended;
    },
  };
}

/** Calls by endpoint that came since an earlier count. */
export function callsSince(earlier: Counted, later: Counted): Map<string, number> {
  const calls = Object.entries(later.counts).map(([endpoint, count]): [string, number] => [
    endpoint,
    count - (earlier.counts[endpoint] ?? 0),
  ]);
  return new Map(calls.filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}
