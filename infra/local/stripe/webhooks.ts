/**
 * Brings events to their destinations, as Stripe does: at least once, in no promised order, again and again for three
 * days by the market clock. What is still to be delivered stands in the store, so a restart forgets nothing.
 */
import type { Destination } from './context.ts';
import type { Store } from './store.ts';

/**
 * What becomes of a delivery in a test: `drop` is lost on its way (Stripe knows, and repeats by its schedule), `lose` is
 * lost and believed delivered, `hold` waits until it is released.
 */
export type WebhookPlan = 'deliver' | 'drop' | 'lose' | 'duplicate' | 'hold';
export type DeciderOfWebhooks = (event: {
  id: string;
  type: string;
  destination: Destination['id'];
  attempts: number;
}) => WebhookPlan;

export type Webhooks = {
  /** Looks for what is due; cheap where nothing is. */
  wake: () => void;
  /** Whether something is under way or due now. */
  hasDue: () => boolean;
  /** Once all deliveries that are due now were tried. */
  settled: () => Promise<void>;
  decide: (decider: DeciderOfWebhooks | undefined) => void;
  /** Lets what was held go, in the order that `order` makes of it. */
  release: (order?: (events: string[]) => string[]) => void;
  stop: () => Promise<void>;
};

export type WebhooksParts = {
  store: Store;
  now: () => number;
  destinations: () => readonly Destination[];
  /** The body of an event for a destination. */
  payload: (event: string, destination: Destination['id']) => string | undefined;
  log: (message: string, details: object) => void;
};

type Due = { event: string; destination: Destination['id']; attempts: number };

/** Seconds by the market clock until the next attempt; then Stripe gives up. */
const AGAIN_AFTER = [60, 300, 1_800, 7_200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200];
const AT_ONCE = 8;
const TIMEOUT_MS = 30_000;

export function openWebhooks(parts: WebhooksParts): Webhooks {
  const { store } = parts;
  const flying = new Map<string, Promise<void>>();
  let decider: DeciderOfWebhooks | undefined;
  let isStopped = false;
  let wanted = false;
  let waiters: (() => void)[] = [];
  /** While nothing is due that is not under way: what was written by then, who could be reached, and when the next one is. */
  let quiet: { deliveries: number; among: string; until: number } | undefined;

  const due = (): Due[] => {
    const reachable = parts.destinations().flatMap((one) => (one.url === null ? [] : [one.id]));
    if (reachable.length === 0) return [];
    const among = ` ${reachable.join(' ')} `;
    const { deliveries } = store;
    const now = parts.now();
    if (quiet?.deliveries === deliveries && quiet.among === among && now < quiet.until) return [];
    // An `IN` would fill a table of its own each time, which costs more than all the rest.
    const sql = `SELECT event, destination, attempts, at FROM deliveries
      WHERE state = 'waits' AND instr(?, ' ' || destination || ' ') > 0 ORDER BY at, rowid LIMIT ?`;
    const most = AT_ONCE + flying.size;
    const rows = store.all(sql, among, most) as unknown as (Due & { at: number })[];
    const later = rows.find(({ at }) => at > now);
    const found = rows.filter((row) => row.at <= now && !flying.has(keyOf(row)));
    if (found.length === 0 && (later !== undefined || rows.length < most))
      quiet = { deliveries, among, until: later?.at ?? Number.POSITIVE_INFINITY };
    return found.slice(0, AT_ONCE - flying.size);
  };
  const mark = (row: Due, state: string, attempts: number, at: number): void => {
    if (state === 'waits') quiet = undefined;
    store.run(
      'UPDATE deliveries SET state = ?, attempts = ?, at = ? WHERE event = ? AND destination = ?',
      state,
      attempts,
      at,
      row.event,
      row.destination,
    );
  };

  const attempt = async (row: Due): Promise<void> => {
    const destination = parts.destinations().find((one) => one.id === row.destination);
    const payload = parts.payload(row.event, row.destination);
    if (destination?.url === null) {
      // It waits, though nothing was written.
      quiet = undefined;
      return;
    }
    if (destination === undefined || payload === undefined) return mark(row, 'given_up', row.attempts, parts.now());
    const { type } = JSON.parse(payload) as { type: string };
    const plan = decider?.({ id: row.event, type, destination: row.destination, attempts: row.attempts }) ?? 'deliver';
    if (plan === 'hold') return mark(row, 'held', row.attempts, parts.now());
    const arrived = plan === 'lose' || (plan !== 'drop' && (await send(destination, payload)));
    if (plan === 'duplicate') await send(destination, payload);
    if (isStopped) return;
    if (arrived) return mark(row, 'delivered', row.attempts + 1, parts.now());
    const again = AGAIN_AFTER[row.attempts];
    parts.log('a webhook was not taken', {
      event: row.event,
      type,
      destination: row.destination,
      attempts: row.attempts + 1,
    });
    if (again === undefined) mark(row, 'given_up', row.attempts + 1, parts.now());
    else mark(row, 'waits', row.attempts + 1, parts.now() + again);
  };

  const pump = (): void => {
    wanted = false;
    if (isStopped) return;
    for (const row of due()) {
      const work = attempt(row).finally(() => {
        flying.delete(keyOf(row));
        wake();
      });
      flying.set(keyOf(row), work);
    }
    if (flying.size === 0) for (const waiter of waiters.splice(0)) waiter();
  };
  const wake = (): void => {
    if (wanted || isStopped) return;
    wanted = true;
    setImmediate(pump);
  };

  return {
    wake,
    hasDue: () => !isStopped && (flying.size > 0 || due().length > 0),
    settled: () =>
      new Promise((resolve) => {
        if (isStopped) return resolve();
        waiters.push(resolve);
        wake();
      }),
    decide: (next) => {
      decider = next;
    },
    release: (order = (events) => events) => {
      const held = store.all("SELECT DISTINCT event FROM deliveries WHERE state = 'held' ORDER BY rowid");
      store.transaction(() => {
        for (const event of order(held.map((row) => String(row.event)))) letGo(store, event, parts.now());
      });
      wake();
    },
    stop: async () => {
      isStopped = true;
      for (const waiter of waiters.splice(0)) waiter();
      await Promise.allSettled(flying.values());
      waiters = [];
    },
  };
}

/** Written anew: of what is due at the same second, the first written goes first. */
function letGo(store: Store, event: string, at: number): void {
  const held = store.all("SELECT destination, attempts FROM deliveries WHERE event = ? AND state = 'held'", event);
  for (const { destination = null, attempts = 0 } of held) {
    store.run('DELETE FROM deliveries WHERE event = ? AND destination = ?', event, destination);
    store.deliver(event, String(destination), at, Number(attempts));
  }
}

const keyOf = (row: { event: string; destination: string }): string => `${row.event} ${row.destination}`;

/** True where the destination took it. Signed by the machine's time, which the receiver compares with its own. */
async function send({ url, secret }: Destination, payload: string): Promise<boolean> {
  if (url === null) return false;
  const { default: Stripe } = await import('stripe');
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
