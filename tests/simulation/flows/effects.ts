/**
 * What a run has left, said so that two runs can be compared. The picture names what is random by what it stands for, and
 * leaves nothing out. The effects leave out what only helps to find things, and count apart what a fault may cost.
 */
import { leaseIdOf } from '../../../shared/dispatch/lease.ts';
import { canonicalJson } from '../../../shared/kernel/hash.ts';
import type { Item, TableId } from '../../../shared/kernel/table.ts';
import type { Photo } from './world.ts';

type Entry = { table: TableId; item: Item };
export type Picture = readonly Entry[];

const isLease = ({ item }: Entry): boolean => item.kind === 'lease';
const isHead = ({ item }: Entry): boolean => item.pk.startsWith('R#');
const isMessage = ({ item }: Entry): boolean => item.pk.startsWith('M#') && /^\d/.test(item.sk);
const isDelivery = ({ item }: Entry): boolean => item.pk.startsWith('WD#');
/** A lease that no head names counts for nothing: it is what a claim leaves that came to nothing. */
const UNNAMED = 'unnamed';

/** Every item of a photo, with leases, messages and deliveries named in the order of what they say. */
export function pictureOf(photo: Photo): Picture {
  const entries = [...photo.stored.values()].map(({ table, text }) =>
    withoutSeed({ table, item: JSON.parse(text) as Item }),
  );
  const heads = JSON.stringify(entries.filter(isHead));
  const turns = named(entries.filter(isLease), entries, ({ item }) => ({
    id: item.sk.split('#')[2] ?? '',
    kind: heads.includes(leaseIdOf(item)) ? 'turn' : UNNAMED,
    says: [item.request, item.claimedAt, item.history, item.provider],
  }));
  const messages = named(turns.filter(isMessage), turns, ({ item }) => ({
    id: String(item.id),
    kind: 'message',
    says: [item.pk, item.at, item.tenant, item.text],
  }));
  const told = named(messages.filter(isDelivery), messages, ({ item }) => ({
    id: item.sk.split('#')[1] ?? '',
    kind: String(item.type),
    says: [item.pk, item.createdAt, item.subject, item.body],
  }));
  return told.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The seed of a round that opens meanwhile is random, and no request depends on it before that round is cleared. */
const withoutSeed = ({ table, item }: Entry): Entry =>
  item.seedHash === undefined ? { table, item } : { table, item: { ...item, seed: '', seedHash: '' } };

const keyOf = ({ table, item }: Entry): string => `${table}|${item.pk}|${item.sk}`;

/** Gives the random ids of some items names, wherever they stand: a kind and a number in the order of what the items say. */
function named(
  ones: readonly Entry[],
  entries: readonly Entry[],
  read: (entry: Entry) => { id: string; kind: string; says: readonly unknown[] },
): Entry[] {
  if (ones.length === 0) return [...entries];
  const said = ones.map(read).map((one) => ({ ...one, order: JSON.stringify([one.kind, one.says]) }));
  said.sort((a, b) => (a.order < b.order ? -1 : 1));
  const counts = new Map<string, number>();
  const names = new Map(
    said.map(({ id, kind }) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return [id, `${kind}${counts.get(kind)}`];
    }),
  );
  const known = new RegExp([...names.keys()].join('|'), 'g');
  return JSON.parse(JSON.stringify(entries).replace(known, (id) => names.get(id) ?? id)) as Entry[];
}

/** What a fault may leave behind that a clean run does not, counted. Everything else must be equal. */
export type Cost = {
  /** Slots that were handed out and whose request was never put. */
  slotsLost: number;
  /** Units of a provider's capacity that were taken for a request that was never put. */
  capacityLost: number;
  /** How often a provider was told less, or more, that a lane holds work: a hint, beside the claims it makes anyway. */
  hints: number;
};
export const noCost = (): Cost => ({ slotsLost: 0, capacityLost: 0, hints: 0 });
export type Effects = { cost: Cost; items: Record<string, unknown> };

/** The effects in a picture, by table and key. */
export function effectsOf(picture: Picture): Effects {
  const heads = picture.filter(isHead).map(({ item }) => item);
  const cost = noCost();
  const items: Record<string, unknown> = {};
  for (const entry of picture) {
    const { item } = entry;
    if (helps(entry) || isTrueSample(entry, heads)) continue;
    if (item.type === 'work.available') cost.hints += 1;
    else if (item.pk.startsWith('S#')) {
      const [, company = '', queue, round] = item.pk.split('#');
      const served = heads.filter(
        (head) =>
          head.pk.startsWith(`R#${company}#`) &&
          head.queue === queue &&
          head.round === Number(round) &&
          head.slot !== null,
      );
      cost.slotsLost += Number(item.next) - served.length;
      items[keyOf(entry)] = { ...item, next: served.length };
    } else if (item.pk.startsWith('K#')) {
      const [, queue, round, provider] = item.pk.split('#');
      const holding = heads.filter(
        (head) => head.queue === queue && head.round === Number(round) && head.capacityOf === provider,
      );
      cost.capacityLost -= Number(item.free) + holding.length;
      items[keyOf(entry)] = { ...item, free: null };
    } else items[keyOf(entry)] = isHead(entry) ? { ...item, slot: placeAmong(heads, item) } : withoutHelp(entry);
  }
  return { cost, items };
}

/** Which waits were sampled depends on who claimed first: each must be that of a request, as its head tells it. */
function isTrueSample({ item }: Entry, heads: readonly Item[]): boolean {
  if (!item.pk.startsWith('WAIT#')) return false;
  const waits = heads.map(({ pk, acceptedAt, history }) => {
    const first = (history as [string, number, string][]).find(([event]) => event === 'leased')?.[1] ?? 0;
    return JSON.stringify([first, first - Number(acceptedAt), pk.slice(-8)]);
  });
  return (JSON.parse(item.samples as string) as unknown[]).every((sample) => waits.includes(JSON.stringify(sample)));
}

/** The place of a head's slot among those that were used. */
function placeAmong(heads: readonly Item[], head: Item): number | null {
  if (head.slot === null) return null;
  return heads.filter(
    (other) => other.lpk === head.lpk && other.slot !== null && Number(other.slot) < Number(head.slot),
  ).length;
}

/** What only leads sweeps to what they are about: watermarks, pointers, and how many partitions a day has. */
const helps = ({ item }: Entry): boolean =>
  item.pk.startsWith('D#') && (item.sk.startsWith('!') || item.kind === 'pointer' || item.pk.split('#').length === 2);

/** An item without what depends on when sweeps came by. */
function withoutHelp(entry: Entry): Record<string, unknown> {
  if (isDelivery(entry)) {
    const { attempts: _attempts, ttl: _ttl, ...rest } = entry.item;
    return rest;
  }
  if (entry.item.pk.startsWith('L#')) {
    const { seenAt: _seenAt, ...rest } = entry.item;
    return rest;
  }
  return entry.item;
}

/** What a run has cost beyond a clean one. */
export const costBeyond = (clean: Effects, { cost }: Effects): Cost => ({
  slotsLost: cost.slotsLost - clean.cost.slotsLost,
  capacityLost: cost.capacityLost - clean.cost.capacityLost,
  hints: Math.abs(cost.hints - clean.cost.hints),
});

/** Where two runs differ, as sentences; none where they left the same. */
export function differences(clean: Effects, other: Effects): string[] {
  const keys = [...new Set([...Object.keys(clean.items), ...Object.keys(other.items)])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [clean.items[key], other.items[key]];
    if (was === undefined) return [`only now: ${key} ${canonicalJson(is)}`];
    if (is === undefined) return [`missing: ${key}`];
    return canonicalJson(was) === canonicalJson(is) ? [] : [`${key}: ${changed(was, is)}`];
  });
}

function changed(was: unknown, is: unknown): string {
  const [a, b] = [was as Record<string, unknown>, is as Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]))
    .map((name) => `${name} was ${JSON.stringify(a[name])}, is ${JSON.stringify(b[name])}`)
    .join('; ');
}
