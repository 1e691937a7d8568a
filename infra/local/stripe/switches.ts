/** How tests and people make Stripe behave badly: faults of requests and of webhooks, and what happens outside. */
import type { Fault } from './answer.ts';
import type { DeciderOfWebhooks } from './webhooks.ts';

export type FaultOrder = {
  method?: string;
  /** A part of the path, or a pattern. */
  path?: string | RegExp;
  /** So many requests; 1 where left out. */
  times?: number;
  /** So many that fit go through first. */
  skip?: number;
};
/** `slow` waits before the work begins, so that another request with the same key meets a conflict. */
export type RequestFault = Fault | { slowMs: number };
export type DeciderOfRequests = (request: { method: string; path: string }) => RequestFault | undefined;

export type Switches = {
  /** The next requests that fit meet this fault. */
  fault: (fault: RequestFault, order?: FaultOrder) => void;
  /** Asked of every request that no order fits; undefined takes it back. */
  faults: (decider: DeciderOfRequests | undefined) => void;
  /** Asked of every delivery of a webhook; undefined takes it back. */
  webhooks: (decider: DeciderOfWebhooks | undefined) => void;
  /** Lets webhooks go that were held, in the order that `order` makes of their events. */
  release: (order?: (events: string[]) => string[]) => void;
  /** Whether a webhook is under way or due. */
  hasDue: () => boolean;
  /** Waits until every webhook that is due was tried. */
  settled: () => Promise<void>;
  /** Works what has become due by the market clock: settlements, expiries, retries of webhooks. */
  tick: () => void;
  /** Does one of the actions of the resources, such as `complete_checkout`. Throws a `StripeRefusal` as a request would. */
  act: (name: string, params?: Record<string, unknown>) => unknown;
};

export type Faults = { next: (request: { method: string; path: string }) => RequestFault | undefined } & Pick<
  Switches,
  'fault' | 'faults'
>;

export function openFaults(): Faults {
  const orders: { fault: RequestFault; order: FaultOrder; left: number; skip: number }[] = [];
  let decider: DeciderOfRequests | undefined;
  return {
    fault: (fault, order = {}) => {
      orders.push({ fault, order, left: order.times ?? 1, skip: order.skip ?? 0 });
    },
    faults: (next) => {
      decider = next;
    },
    next: (request) => {
      const found = orders.find(({ order, left }) => left > 0 && fits(order, request));
      if (found === undefined) return decider?.(request);
      if (found.skip > 0) {
        found.skip -= 1;
        return undefined;
      }
      found.left -= 1;
      return found.fault;
    },
  };
}

function fits(order: FaultOrder, { method, path }: { method: string; path: string }): boolean {
  if (order.method !== undefined && order.method !== method) return false;
  if (order.path === undefined) return true;
  return typeof order.path === 'string' ? path.includes(order.path) : order.path.test(path);
}
