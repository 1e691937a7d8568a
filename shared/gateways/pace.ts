/** Paces calls to Stripe to its published limits: 100 a second in all, 25 a second on one endpoint. */
import type { Clock } from '../kernel/time.ts';

/** Two consumers at most share an account's limits, and the API has a part of them: what one process may take a second. */
export const PER_SECOND = { all: 40, endpoint: 10 } as const;
/** So much of a second's calls may come at once. */
const BURST_SECONDS = 0.5;

/** `POST /v1/invoices/:id/finalize`: a path without the ids in it, which have a digit or a capital letter. */
export function endpointOf(method: string, path: string): string {
  const [place = ''] = path.split('?');
  const [version = '', ...rest] = place.split('/').filter((part) => part !== '');
  return `${method} /${[version, ...rest.map((part) => (/[0-9A-Z]/.test(part) ? ':id' : part))].join('/')}`;
}

/** Token buckets: one for all calls, one for each endpoint. */
export class Pace {
  private readonly clock: Clock;
  private readonly pause: (ms: number) => Promise<void>;
  /** When a bucket is full again, in ms. */
  private readonly fullAt = new Map<string, number>();

  constructor(clock: Clock, pause: (ms: number) => Promise<void>) {
    this.clock = clock;
    this.pause = pause;
  }

  /** Waits until a call to this endpoint may be made. */
  async take(endpoint: string): Promise<void> {
    const now = this.clock.now();
    const waits = [this.reserve('', PER_SECOND.all, now), this.reserve(endpoint, PER_SECOND.endpoint, now)];
    const ms = Math.max(...waits);
    if (ms > 0) await this.pause(ms);
  }

  /** Takes a token, and answers how long to wait for it. */
  private reserve(bucket: string, perSecond: number, now: number): number {
    const full = Math.max(this.fullAt.get(bucket) ?? now, now) + 1_000 / perSecond;
    this.fullAt.set(bucket, full);
    return Math.max(0, full - now - 1_000 * BURST_SECONDS);
  }
}
