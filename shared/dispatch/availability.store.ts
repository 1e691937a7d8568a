/**
 * What a provider stated of its hours and capacity, and who of it is offline: `AV#<provider>` / `-`, and `@<agent>` for one
 * agent or key. Both stand in the owner's index beside its lanes, so that a claim reads them only where they exist.
 */
import * as z from 'zod';
import { cachePerOwner, FORGOTTEN_AT_WRITES } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import type { Key } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import {
  ALWAYS,
  type Availability,
  AvailabilityRule,
  type AvailabilityView,
  type Place,
  worksAt,
  worksBetween,
} from './availability.ts';
import type { Candidate } from './plan.ts';

const WHOLE = '-';
const AGENT = '@';

const availabilityKey = (provider: string, sk = WHOLE): Key => ({ pk: `AV#${provider}`, sk });
/** Its place in the index of what an owner has: before its lanes, `L#`. */
const indexKeys = (provider: string, sk = WHOLE) => ({ opk: provider, osk: `L!${sk}` });

/** An availability or one agent's absence, as stored. */
export const StoredAvailability = z.object({
  sk: z.string(),
  rules: z.array(AvailabilityRule).optional(),
  offlineSince: z.number().optional(),
});
export type StoredAvailability = z.infer<typeof StoredAvailability>;

/** What a provider's stored items say together. */
export function availabilityIn(items: readonly StoredAvailability[]): Availability & { agents: Map<string, number> } {
  const whole = items.find((item) => item.sk === WHOLE);
  const agents = items.flatMap((item): [string, number][] =>
    item.sk.startsWith(AGENT) ? [[item.sk.slice(1), item.offlineSince ?? 0]] : [],
  );
  return { rules: whole?.rules ?? [], offlineSince: whole?.offlineSince ?? null, agents: new Map(agents) };
}

const remembered = cachePerOwner<Availability>(10_000, FORGOTTEN_AT_WRITES);

/** A provider's availability; at most five seconds old. */
export async function readAvailability(call: Call, provider: string): Promise<Availability> {
  return remembered(call.tables.owner).get(provider, async () => {
    const stored = await call.tables.get('market', availabilityKey(provider), StoredAvailability);
    return stored === undefined ? ALWAYS : availabilityIn([stored]);
  });
}

/** What a provider stated and who is offline, as it stands. */
export async function viewAvailability(call: Call, provider: string): Promise<AvailabilityView> {
  const page = { pk: `AV#${provider}`, consistent: true };
  const found = availabilityIn(await call.tables.queryAll('market', StoredAvailability, page));
  return {
    rules: [...found.rules],
    offlineSince: found.offlineSince === null ? null : iso(found.offlineSince),
    offlineAgents: [...found.agents].map(([agent, since]) => ({ agent, since: iso(since) })),
  };
}

/** States a provider's rules, in place of those before. */
export async function putRules(call: Call, provider: string, rules: readonly AvailabilityRule[]): Promise<void> {
  await call.tables.update('market', availabilityKey(provider), { set: { rules, ...indexKeys(provider) } });
  remembered(call.tables.owner).forget(provider);
}

/** Notes that a provider, or one agent of it, is offline from now on; the first time counts. */
export async function noteOffline(call: Call, provider: string, agent: string | null): Promise<void> {
  const sk = agent === null ? WHOLE : `${AGENT}${agent}`;
  const set = { offlineSince: call.now, ...indexKeys(provider, sk) };
  await call.tables.update('market', availabilityKey(provider, sk), { set }, [['absent', 'offlineSince']]);
  remembered(call.tables.owner).forget(provider);
}

/** Takes that back. Doing it again changes nothing. */
export async function noteOnline(call: Call, provider: string, agent: string | null): Promise<void> {
  if (agent !== null) await call.tables.delete('market', availabilityKey(provider, `${AGENT}${agent}`));
  else
    await call.tables.update('market', availabilityKey(provider), { remove: ['offlineSince'] }, [
      ['present', 'offlineSince'],
    ]);
  remembered(call.tables.owner).forget(provider);
}

/** A queue with its channel. */
export async function placeOf(call: Call, queue: string): Promise<Place> {
  return { queue, channel: (await readQueueItem(call.tables, queue))?.serviceClass.channel ?? '' };
}

/** Of some candidates those that work before a request's deadline, in the same order. */
export async function workingCandidates(
  call: Call,
  head: { queue: string; deadline: number },
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  const place = await placeOf(call, head.queue);
  const working = await Promise.all(
    candidates.map(async ({ provider }) =>
      worksBetween(await readAvailability(call, provider), place, call.now, head.deadline),
    ),
  );
  return candidates.filter((_, i) => working[i]);
}

/** Of some providers those that work in a queue at an instant. */
export async function workingAt(
  call: Call,
  queue: string,
  providers: readonly string[],
  at: number,
): Promise<string[]> {
  const place = await placeOf(call, queue);
  const working = await Promise.all(
    providers.map(async (provider) => worksAt(await readAvailability(call, provider), place, at)),
  );
  return providers.filter((_, i) => working[i]);
}

/** Since when a provider is offline as a whole; null where it is not. */
export async function offlineSince(call: Call, provider: string): Promise<number | null> {
  return (await readAvailability(call, provider)).offlineSince;
}
