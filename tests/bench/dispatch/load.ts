/** The load: requests sent, claimed by fives, resolved and confirmed over HTTP, so many calls in flight. */
import { ask, inParallel } from '../../../infra/local/actors/calls.ts';
import type { Parley } from '../../../shared/client/client.ts';
import { type SigningKeys, sign } from '../../../shared/kernel/sign.ts';
import { HOUR } from '../../../shared/kernel/time.ts';

/** Whom the load is put on, and as whom. */
export type Target = {
  companies: readonly { client: Parley }[];
  providers: readonly { client: Parley }[];
  queue: string;
  /** Business time, and the key of customers' links. */
  now: number;
  signingKey: SigningKeys;
};

export const IN_FLIGHT = 8;
export const CLAIMED_AT_ONCE = 5;

/** What was claimed: the turn, whose it is, and when it had to be done by. */
export type Turn = { lease: string; request: string; provider: number; deadline: string };

/** Sends `count` requests, spread over the companies. Answers their ids by company. */
export async function send(target: Target, count: number, prefix: string): Promise<[number, string][]> {
  const sent: [number, string][] = [];
  await inParallel(
    Array.from({ length: count }, (_, i) => i),
    async (i) => {
      const company = i % target.companies.length;
      const body = {
        externalId: `${prefix}-${i}`,
        queue: target.queue,
        customer: `customer-${prefix}-${i}@example.com`,
        text: 'The card reader at the counter has shown the same error since this morning, what can we do?',
      };
      const { id } = await ask('send', () => target.companies[company]!.client.POST('/v1/requests', { body }));
      sent.push([company, id]);
    },
    IN_FLIGHT,
  );
  return sent;
}

/** Claims that lose their heads to others find nothing, though something waits: so many in a row say that nothing does. */
const EMPTY_AFTER = 5;

/**
 * Providers claim by fives in turn, eight calls in flight, and hand every claim to `work`, until `most` or a few more are
 * claimed or nobody finds any. Answers the milliseconds that each claim with work took.
 */
export async function claimAll(
  target: Target,
  most: number,
  work: (turns: readonly Turn[]) => Promise<void>,
): Promise<number[]> {
  const times: number[] = [];
  const inVain = target.providers.map(() => 0);
  let claimed = 0;
  let next = 0;
  const worker = async () => {
    while (claimed < most && inVain.some((claims) => claims < EMPTY_AFTER)) {
      const provider = next++ % target.providers.length;
      const from = performance.now();
      const body = { queues: [target.queue], max: CLAIMED_AT_ONCE };
      const answer = await ask('claim', () => target.providers[provider]!.client.POST('/v1/claims', { body }));
      const took = performance.now() - from;
      claimed += answer.work.length;
      inVain[provider] = answer.work.length === 0 ? inVain[provider]! + 1 : 0;
      if (answer.work.length > 0) times.push(took);
      await work(answer.work.map(({ lease }) => ({ ...lease, lease: lease.id, provider })));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return times;
}

/** Each turn is beaten once, as a turn of some minutes is, and resolved. */
export async function resolveTurns(target: Target, turns: readonly Turn[]): Promise<void> {
  for (const { lease, provider } of turns) {
    const { client } = target.providers[provider]!;
    const params = { path: { lease } };
    await ask('beat', () => client.POST('/v1/leases/{lease}/heartbeat', { params, body: { progress: true } }));
    const body = { code: 'solved' as const, summary: 'Replaced the reader.', evidence: 'ticket 4711' };
    await ask('resolve', () => client.POST('/v1/leases/{lease}/resolve', { params, body }));
  }
}

/** Their customers say 'solved', by links as the market mails them. */
export async function confirmAll(target: Target, sent: readonly [number, string][]): Promise<void> {
  const exp = target.now + HOUR;
  await inParallel(
    sent,
    async ([company, request]) => {
      const token = await sign(target.signingKey, 'link', { request, exp });
      const params = { path: { token } };
      await ask('confirm', () => target.companies[company]!.client.POST('/v1/links/{token}/solved', { params }));
    },
    IN_FLIGHT,
  );
}

/** One claim of one request at a time, provider after provider, until a round of them finds nothing. */
export async function claimInTurn(target: Target, take: (turn: Turn) => void): Promise<void> {
  for (let found = true; found; ) {
    found = false;
    for (const [provider, { client }] of target.providers.entries()) {
      const body = { queues: [target.queue], max: 1 };
      const { work } = await ask('claim', () => client.POST('/v1/claims', { body }));
      for (const { lease } of work) take({ ...lease, lease: lease.id, provider });
      found ||= work.length > 0;
    }
  }
}

/** Sends requests, has them claimed, resolved and confirmed. Answers what became of them, and how long it all took. */
export async function wholeLife(target: Target, count: number, prefix: string): Promise<Life> {
  const held = new Set<string>();
  let doubleHolds = 0;
  const from = performance.now();
  const sent = await send(target, count, prefix);
  const claims = await claimAll(target, count, async (turns) => {
    for (const { request } of turns) {
      if (held.has(request)) doubleHolds += 1;
      held.add(request);
    }
    await resolveTurns(target, turns);
  });
  await confirmAll(target, sent);
  return { seconds: (performance.now() - from) / 1_000, claims, held: held.size, doubleHolds };
}

/** `claims`: milliseconds of each; `doubleHolds`: requests that were claimed while another held them. */
export type Life = { seconds: number; claims: number[]; held: number; doubleHolds: number };
