/** What DISPATCH.md says must hold, looked at when a simulated market is over. */

import * as z from 'zod';
import { readCompanyAward, readProviderAwards } from '../../../shared/award/award.store.ts';
import { capacityKey } from '../../../shared/dispatch/lane.store.ts';
import { providerOfSlot, slotsByProvider } from '../../../shared/dispatch/sequence.ts';
import type { Call } from '../../../shared/kernel/call.ts';
import { allEntries } from '../../../shared/ledger/ledger.store.ts';
import type { EntryView } from '../../../shared/ledger/ledger.ts';
import { readHead, viewRequest } from '../../../shared/request/request.store.ts';
import { type Head, isFinal, type RequestState } from '../../../shared/request/request.ts';
import type { Run } from './run.ts';

export type Statement = { number: number; says: string; tried: number; broken: string[] };
export type Report = {
  statements: Statement[];
  states: Record<string, number>;
  lostSlots: number;
  unitsPerSettled: number;
};

type Seen = { head: Head; state: RequestState };

/** Reads everything once more and judges it. */
export async function judgeRun(run: Run): Promise<Report> {
  const call = run.world.market.call();
  const seen: Seen[] = [];
  const missing: string[] = [];
  for (const { id, externalId } of run.accepted.values()) {
    const head = await readHead(call, id, { consistent: true });
    if (head === undefined) missing.push(`${externalId} is gone`);
    else seen.push({ head, state: (await viewRequest(call, head)).state });
  }
  const open = seen.filter(({ state }) => !isFinal(state)).map(({ head, state }) => `${head.id} is ${state}`);
  const slots = await slotsHold(call, run, seen);
  const posted = await postingsHold(call, run, seen);
  const watched = (number: number) => ({
    number,
    tried: run.tried[number]!,
    broken: run.broken.filter(({ statement }) => statement === number).map(({ what }) => what),
  });
  const states: Record<string, number> = {};
  for (const { state } of seen) states[state] = (states[state] ?? 0) + 1;
  return {
    statements: [
      { number: 1, says: 'no request is lost', tried: run.accepted.size, broken: [...missing, ...open] },
      { ...watched(2), says: 'none is held by two, and a stale holder is refused' },
      { number: 3, says: 'awards, shares and capacities hold', tried: slots.tried, broken: slots.broken },
      { ...watched(4), says: 'the earliest deadline of a lane comes first' },
      {
        number: 5,
        says: 'each settled request is charged once, at its price',
        tried: posted.tried,
        broken: posted.broken,
      },
      { ...watched(6), says: 'nobody reaches what is not theirs' },
    ],
    states,
    lostSlots: slots.lost,
    unitsPerSettled: run.writeUnits / Math.max(1, states.settled ?? 0),
  };
}

const Counter = z.object({ next: z.number() });
const Capacity = z.object({ free: z.number() });

/** Slots are given once and within the award, in the order of shares; free capacity is never below nothing, nor made. */
async function slotsHold(call: Call, { world }: Run, seen: readonly Seen[]) {
  const { queue } = world.market;
  const broken: string[] = [];
  let tried = 0;
  let lost = 0;
  for (const { id } of world.companies) {
    const award = await readCompanyAward(call.tables, queue, 1, id);
    const own = seen.flatMap(({ head }) => (head.company === id && head.slot !== null ? [head.slot] : []));
    const key = { pk: `S#${id}#${queue}#1`, sk: '0' };
    const given = (await call.tables.get('market', key, Counter, { consistent: true }))?.next ?? 0;
    lost += given - own.length;
    tried += own.length;
    if (award === null) continue;
    if (new Set(own).size !== own.length) broken.push(`${id} has a slot twice`);
    if (own.some((slot) => slot >= award.awarded)) broken.push(`${id} has a slot beyond its award`);
    const counts = slotsByProvider(award.byProvider, given);
    for (const { provider, volume } of award.byProvider) {
      const share = (given * volume) / award.awarded;
      if (Math.abs((counts.get(provider) ?? 0) - share) > 1) broken.push(`${provider} is off its share of ${id}`);
    }
    if (own.some((slot) => providerOfSlot(award.byProvider, slot) === '')) broken.push(`${id} has a slot of nobody`);
  }
  for (const { provider, standingCapacity } of await readProviderAwards(call.tables, queue, 1)) {
    const item = await call.tables.get('market', capacityKey(queue, 1, provider), Capacity, { consistent: true });
    const held = seen.filter(({ head }) => head.capacityOf === provider).length;
    tried += 1;
    if ((item?.free ?? 0) < 0) broken.push(`${provider} gave more than its capacity`);
    if ((item?.free ?? 0) + held > standingCapacity) broken.push(`${provider} has capacity from nowhere`);
  }
  return { tried, broken, lost };
}

/** One charge for each settled request and none for others; a confirmed one is charged its price, an assumed one less. */
async function postingsHold(call: Call, { world }: Run, seen: readonly Seen[]) {
  const broken: string[] = [];
  const charges = new Map<string, EntryView[]>();
  for (const { id } of world.companies) {
    for (const entry of await allEntries(call, id, '2026-02')) {
      if (entry.legs.reduce((sum, { micros }) => sum + micros, 0) !== 0) broken.push(`${entry.event} is not even`);
      if (entry.kind !== 'charge') continue;
      const request = String(entry.facts.request);
      charges.set(request, [...(charges.get(request) ?? []), entry]);
    }
  }
  for (const { head, state } of seen) {
    const own = charges.get(head.id) ?? [];
    if (own.length !== (state === 'settled' ? 1 : 0)) broken.push(`${head.id} is ${state} with ${own.length} charges`);
    for (const entry of own) {
      const paid = entry.legs.find(({ account }) => account === '1100')?.micros ?? 0;
      const isRight = entry.facts.outcome === 'confirmed' ? paid === head.priceMicros : paid < head.priceMicros;
      if (!isRight) broken.push(`${head.id} is charged ${paid} of ${head.priceMicros}`);
    }
  }
  return { tried: seen.length, broken };
}
