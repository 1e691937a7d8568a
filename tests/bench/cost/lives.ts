/** Requests from acceptance to confirmation, one call after another, sent singly or by the hundred. */
import { ask } from '../../../infra/local/actors/calls.ts';
import { createParley, type Parley } from '../../../shared/client/client.ts';
import { sign } from '../../../shared/kernel/sign.ts';
import { HOUR } from '../../../shared/kernel/time.ts';
import type { BenchMarket } from '../dispatch/market.ts';

/** How many requests a company sends in one call, and a provider claims. */
export type Manner = { sent: number; claimed: number };
export const SINGLY: Manner = { sent: 1, claimed: 1 };
export const IN_BATCHES: Manner = { sent: 100, claimed: 10 };

type Work = { lease: { id: string; request: string } };
type Side = { company: Parley; provider: Parley; anybody: Parley; market: BenchMarket };

/** Takes `count` requests through their lives: create, claim, heartbeat, resolve, and the customer's 'solved' by the link. */
export async function live(market: BenchMarket, count: number, prefix: string, manner: Manner): Promise<void> {
  const { baseUrl } = market.marketplace;
  const client = (apiKey?: string) =>
    createParley({ baseUrl, attempts: 1, ...(apiKey === undefined ? {} : { apiKey }) });
  const side: Side = {
    company: client(market.companies[0]!.secret),
    provider: client(market.providers[0]!.secret),
    anybody: client(),
    market,
  };
  for (let done = 0; done < count; done += manner.sent) {
    const some = Math.min(manner.sent, count - done);
    await send(side, `${prefix}-${done}`, some);
    await workThrough(side, some, manner);
  }
}

const bodyOf = (externalId: string, queue: string) => ({
  externalId,
  queue,
  customer: `customer-${externalId}@example.com`,
  text: 'The card reader at the counter has shown the same error since this morning, what can we do?',
});

async function send({ company, market: { queue } }: Side, prefix: string, count: number): Promise<void> {
  const bodies = Array.from({ length: count }, (_, i) => bodyOf(`${prefix}-${i}`, queue));
  if (count === 1) {
    await ask('send', () => company.POST('/v1/requests', { body: bodies[0]! }));
    return;
  }
  const { results } = await ask('send', () => company.POST('/v1/requests/batch', { body: { requests: bodies } }));
  const refused = results.filter(({ status }) => status >= 300);
  if (refused.length > 0) throw new Error(`${refused.length} requests were refused: ${JSON.stringify(refused[0])}`);
}

async function workThrough(side: Side, count: number, { claimed }: Manner): Promise<void> {
  const { provider, market } = side;
  for (let left = count; left > 0; ) {
    const body = { queues: [market.queue], max: Math.min(claimed, left) };
    const { work } = await ask('claim', () => provider.POST('/v1/claims', { body }));
    if (work.length === 0) throw new Error('a claim found nothing, though something waits');
    left -= work.length;
    for (const one of work) await finish(side, one);
  }
}

async function finish({ provider, anybody, market }: Side, { lease }: Work): Promise<void> {
  const params = { path: { lease: lease.id } };
  await ask('beat', () => provider.POST('/v1/leases/{lease}/heartbeat', { params, body: { progress: true } }));
  const outcome = { code: 'solved' as const, summary: 'Replaced the reader.', evidence: 'ticket 4711' };
  await ask('resolve', () => provider.POST('/v1/leases/{lease}/resolve', { params, body: outcome }));
  const { clock, runtime } = market.marketplace;
  const token = await sign(runtime.signingKey, 'link', { request: lease.request, exp: clock.now() + HOUR });
  await ask('confirm', () => anybody.POST('/v1/links/{token}/solved', { params: { path: { token } } }));
}
