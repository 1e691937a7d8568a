/**
 * Looks for spikes: the last hour of each company in a queue against like hours before, from the keys of the lists of heads, so
 * that taking a request in writes nothing for it. Where three companies or more see one at once, that is kept for the
 * operator: `IQ#<queue>` / `<beginning>`, listed under `spikes` of the index of owners.
 */
import * as z from 'zod';
import { sendersBetween } from '../demand/demand.store.ts';
import { WEEK } from '../demand/demand.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Item, type Key, keyText } from '../kernel/table.ts';
import { DAY, HOUR, iso } from '../kernel/time.ts';
import { readQueueItem } from '../queue/queue.store.ts';
import { MEMBERS_SHOWN_FROM } from '../queue/queue.ts';
import { countByHour, headList } from '../request/request.store.ts';
import { isSandboxQueue } from '../sandbox/sandbox.ts';
import { proposeIncident } from './incident.store.ts';
import type { QueueSpike } from './incident.ts';
import { busier, judgeSpike, LEAST_SEEN, type Spike, type Usual } from './spike.ts';

/**
 * Like hours are those of the same hour of the week, one more on each side, in so many weeks before, of which two at least
 * are known; and those of the day before, so that what has become usual since is no news every hour.
 */
const WEEKS = 8;
const AROUND_MS = HOUR;
const LEAST_WEEKS = 2;
/** Companies of a queue that are looked at in one run. */
const MOST_COMPANIES = 2_000;
const WIDTH = 8;
/** A spike that is seen again within this is the same one. */
const SAME_WITHIN_MS = 2 * HOUR;

/** Looks at one queue; proposes an incident to each company that sees a spike. */
export async function watchQueue(call: Call, queue: string): Promise<{ nextAt: null }> {
  if (isSandboxQueue(queue)) return { nextAt: null };
  const known = await readQueueItem(call.tables, queue);
  if (known === undefined) return { nextAt: null };
  const hour = { from: call.now - HOUR, to: call.now };
  const senders = [...(await sendersBetween(call, queue, hour.from, hour.to))].slice(0, MOST_COMPANIES);
  const seen = await mapConcurrent(senders, WIDTH, async ([company, rounds]) => {
    const count = await countIn(call, company, queue, rounds, hour);
    if (count < LEAST_SEEN) return [];
    const spike = judgeSpike(count, await usualOf(call, company, queue), call.now);
    return spike === null ? [] : [{ company, spike }];
  });
  const spikes = seen.flat();
  const seenBy = spikes.length >= MEMBERS_SHOWN_FROM ? spikes.length : null;
  for (const { company, spike } of spikes) await proposeIncident(call, company, known, spike, seenBy);
  if (seenBy !== null) await keepSpike(call, queue, spikes);
  return { nextAt: null };
}

type Span = { from: number; to: number };

async function countIn(
  call: Call,
  company: string,
  queue: string,
  rounds: readonly number[],
  span: Span,
): Promise<number> {
  const hours = await countByHour(call, company, queue, rounds, span);
  return [...hours.values()].reduce((sum, count) => sum + count, 0);
}

/** What is usual for an hour like the one that ends now, as far as the company's own past with the queue goes. */
async function usualOf(call: Call, company: string, queue: string): Promise<Usual> {
  const past = { from: call.now - WEEKS * WEEK - HOUR - AROUND_MS, to: call.now - HOUR };
  const rounds = (await sendersBetween(call, queue, past.from, past.to)).get(company) ?? [];
  const first = await firstIn(call, company, queue, rounds, past);
  const known = (spans: readonly Span[]): Span[] => spans.filter((span) => first !== null && span.from >= first);
  const weeks = known(
    Array.from({ length: WEEKS }, (_, i): Span => {
      const until = call.now - (i + 1) * WEEK;
      return { from: until - HOUR - AROUND_MS, to: until + AROUND_MS };
    }),
  );
  const lastDay = known([{ from: past.to - DAY, to: past.to }]);
  const count = async (spans: readonly Span[]): Promise<Usual> => {
    const counts = await mapConcurrent(spans, WIDTH, (span) => countIn(call, company, queue, rounds, span));
    const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
    return { requests: sum(counts), hours: sum(spans.map((span) => (span.to - span.from) / HOUR)) };
  };
  return busier(await count(weeks.length < LEAST_WEEKS ? [] : weeks), await count(lastDay));
}

/** When the first request of some rounds was accepted, or the beginning of the span where that was before it; null where there is none. */
async function firstIn(
  call: Call,
  company: string,
  queue: string,
  rounds: readonly number[],
  { from, to }: Span,
): Promise<number | null> {
  const firsts = await mapConcurrent(rounds, WIDTH, async (round) => {
    const page = await call.tables.query('requests', z.object({ lsk: z.string() }), {
      index: { name: 'list', pk: 'lpk', sk: 'lsk' },
      pk: headList(company, queue, round),
      to: timeKey(to),
      limit: 1,
    });
    return page.items.map(({ lsk }) => Math.max(from, Number(lsk.slice(0, 15))));
  });
  const found = firsts.flat();
  return found.length === 0 ? null : Math.min(...found);
}

const StoredSpike = z.object({
  queue: z.string(),
  from: z.number(),
  until: z.number(),
  companies: z.int(),
  requests: z.int(),
});
type StoredSpike = z.infer<typeof StoredSpike>;
const spikeKey = (queue: string, from: number): Key => ({ pk: `IQ#${queue}`, sk: timeKey(from) });

/** Keeps what several companies see at once: one item as long as it is seen. */
async function keepSpike(call: Call, queue: string, spikes: readonly { spike: Spike }[]): Promise<void> {
  const { items } = await call.tables.query('market', StoredSpike, {
    pk: `IQ#${queue}`,
    descending: true,
    limit: 1,
    consistent: true,
  });
  const last = items[0];
  const now = { companies: spikes.length, requests: spikes.reduce((sum, { spike }) => sum + spike.seen, 0) };
  if (last === undefined || last.until < call.now - SAME_WITHIN_MS) {
    const spike: StoredSpike = { queue, from: call.now - HOUR, until: call.now, ...now };
    const listed = { opk: 'spikes', osk: `${timeKey(spike.from)}#${queue}` };
    await call.tables.put('market', { ...spikeKey(queue, spike.from), ...spike, ...listed }, ABSENT);
    return;
  }
  const most = now.companies > last.companies ? now : {};
  await call.tables.update('market', spikeKey(queue, last.from), { set: { until: call.now, ...most } }, [
    ['=', 'until', last.until],
  ]);
}

/** What companies of one queue saw at once, the newest first. */
export async function listSpikes(
  call: Call,
  page: { limit: number; after?: Item },
): Promise<{ items: QueueSpike[]; after: Item | undefined }> {
  const found = await call.tables.query('market', z.object({ pk: z.string(), sk: z.string() }), {
    index: { name: 'owner', pk: 'opk', sk: 'osk' },
    pk: 'spikes',
    descending: true,
    limit: page.limit,
    ...(page.after === undefined ? {} : { after: page.after }),
  });
  const spikes = await call.tables.getMany('market', found.items, StoredSpike);
  return {
    items: found.items.flatMap((key) => {
      const spike = spikes.get(keyText(key));
      return spike === undefined ? [] : [{ ...spike, from: iso(spike.from), until: iso(spike.until) }];
    }),
    after: found.after as Item | undefined,
  };
}
