/** From counted tickets to demand for queues: which queue pools what, how much a year and a round, and what it saves. */
import type { PublicQueue } from '../../../../../shared/queue/queue.ts';
import type { Counts, Group } from './count.ts';

/** Tickets of one kind, whatever language and region they came in, with the queue that pools such. */
export type Proposal = {
  key: string;
  category: string;
  channel: string;
  tickets: number;
  /** Tickets in 365 days, from the days that the file spans. */
  yearly: number;
  /** Null: nobody pools this yet. */
  queue: string | null;
};

const YEAR = 365;
/** Fewer days than a month say little of a year. */
const LEAST_DAYS = 28;
const ROUND_DAYS: Readonly<Record<PublicQueue['terms']['roundLength'], number>> = {
  week: 7,
  month: 30.4,
  quarter: 91.3,
};
export const MOST_PROPOSALS = 20;

export const daysOf = ({ firstDay, lastDay }: Pick<Counts, 'firstDay' | 'lastDay'>): number =>
  firstDay === null || lastDay === null ? 0 : Math.max(LEAST_DAYS, lastDay - firstDay + 1);

/** The largest kinds of tickets, each with the queue that fits best, and how many tickets are in none of them. */
export function proposalsOf(counts: Counts, queues: readonly PublicQueue[]): { proposals: Proposal[]; rest: number } {
  const days = daysOf(counts);
  const kinds = new Map<string, { groups: Group[]; tickets: number }>();
  for (const group of counts.groups) {
    const key = `${group.category}\n${channelOf(group.channel)}`;
    const kind = kinds.get(key) ?? { groups: [], tickets: 0 };
    kind.groups.push(group);
    kind.tickets += group.tickets;
    kinds.set(key, kind);
  }
  const sorted = [...kinds].sort(([a, x], [b, y]) => y.tickets - x.tickets || (a < b ? -1 : 1));
  const proposals = sorted.slice(0, MOST_PROPOSALS).map(([key, { groups, tickets }]) => {
    const [first] = groups as [Group];
    const channel = channelOf(first.channel);
    return {
      key,
      category: first.category,
      channel,
      tickets,
      yearly: Math.round((tickets / days) * YEAR),
      queue: bestQueue({ ...first, channel }, queues)?.id ?? null,
    };
  });
  return { proposals, rest: counts.counted - proposals.reduce((sum, { tickets }) => sum + tickets, 0) };
}

/** How much of a year one round of a queue has; one request at least. */
export const perRound = (yearly: number, queue: Pick<PublicQueue, 'terms'>): number =>
  Math.max(1, Math.round((yearly * ROUND_DAYS[queue.terms.roundLength]) / YEAR));

const CHANNELS: readonly [RegExp, string][] = [
  [/phone|call|voice|telefon|anruf/i, 'Phone'],
  [/chat|messag|whatsapp|sms/i, 'Chat'],
  [/mail|post|letter|brief|fax/i, 'Email'],
  [/web|form|portal|online|api/i, 'Web'],
];

/** A channel by the name that queues have for it; as it is where it is none of the usual. */
export const channelOf = (channel: string): string =>
  CHANNELS.find(([pattern]) => pattern.test(channel))?.[1] ?? channel;

const words = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2)
    .map((word) => word.replace(/s$/, ''));

/** The share of words that two texts have in common, of the shorter one's. */
function likeness(a: string, b: string): number {
  const [x, y] = [new Set(words(a)), new Set(words(b))];
  if (x.size === 0 || y.size === 0) return 0;
  return [...x].filter((word) => y.has(word)).length / Math.min(x.size, y.size);
}

const ENOUGH = 0.5;

/** The queue of the likest category; of several the one of the same channel, language and region. */
function bestQueue(
  group: Pick<Group, 'category' | 'channel' | 'language' | 'region'>,
  queues: readonly PublicQueue[],
): PublicQueue | undefined {
  let best: { queue: PublicQueue; score: number } | undefined;
  for (const queue of [...queues].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { category, channel, language, region } = queue.serviceClass;
    const like = likeness(category, group.category);
    if (like < ENOUGH) continue;
    const isSameLanguage = language.slice(0, 2).toLowerCase() === group.language.slice(0, 2).toLowerCase();
    const score =
      like +
      (channelOf(channel) === group.channel ? 1 : 0) +
      (isSameLanguage ? 0.5 : 0) +
      (region === group.region ? 0.25 : 0);
    if (best === undefined || score > best.score) best = { queue, score };
  }
  return best?.queue;
}

/** Kinds that go into the same queue come together: one commitment a queue. */
export function demandByQueue(
  proposals: readonly Proposal[],
  queues: readonly PublicQueue[],
): { queue: PublicQueue; yearly: number; volume: number }[] {
  return queues.flatMap((queue) => {
    const yearly = proposals
      .filter((proposal) => proposal.queue === queue.id)
      .reduce((sum, proposal) => sum + proposal.yearly, 0);
    return yearly === 0 ? [] : [{ queue, yearly, volume: perRound(yearly, queue) }];
  });
}

export type Range = { low: number; likely: number; high: number };
type Estimated = { priceMicros: Range | null; savingBps: Range | null };

/**
 * What pooling saves in a year, in micro-units: the price alone is p / (1 − s) for a pooled price p and a saving s, so one
 * request saves p · s / (1 − s). The range is that of the saving in published rounds. Null where it is not known.
 */
export function yearlySaving(yearly: number, { priceMicros, savingBps }: Estimated): Range | null {
  if (priceMicros === null || savingBps === null) return null;
  const saved = (bps: number) => Math.round((yearly * priceMicros.likely * bps) / (10_000 - Math.min(bps, 9_999)));
  return { low: saved(savingBps.low), likely: saved(savingBps.likely), high: saved(savingBps.high) };
}

export const sumOfRanges = (ranges: readonly Range[]): Range =>
  ranges.reduce(
    (sum, { low, likely, high }) => ({ low: sum.low + low, likely: sum.likely + likely, high: sum.high + high }),
    { low: 0, likely: 0, high: 0 },
  );
