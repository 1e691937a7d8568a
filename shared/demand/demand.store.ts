/**
 * Weekly counts of a queue, `V#<queue>` / `<Monday>`, and how far the counting has come, `V#<queue>` / `!`, which the index
 * of what is due finds under `demand`. Counted once a week from the keys of the lists of heads: intake writes nothing.
 */
import * as z from 'zod';
import { allCompanyAwards } from '../award/award.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { spread } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Item, type Key } from '../kernel/table.ts';
import { dayOf, HOUR, MINUTE, periodStart } from '../kernel/time.ts';
import { countByHour } from '../request/request.store.ts';
import { Round } from '../round/round.ts';
import { lateJoiners } from '../round/totals.store.ts';
import { HOURS_OF_WEEK, WEEK, WEEKS_SHOWN, WeekCounts } from './demand.ts';

/** A week is counted this long after its end at the earliest, so that every list is whole. */
const AFTER_WEEK_MS = HOUR;
/** Queues are counted over so many minutes, so that not all fall due at once. */
const SPREAD_MINUTES = 360;
/** A request takes the round that its function knew, which may be this much behind. */
const ROUND_SLACK_MS = HOUR;
const MOST_QUEUES = 200;
/** Companies counted in one run of a queue; the rest follows in the next. */
const MOST_COMPANIES = 400;
const WIDTH = 8;

const Progress = z.object({
  ...WeekCounts.shape,
  /** Companies up to this one are counted. */
  through: z.string(),
  /** Grows with every write, so that of two runs at once one counts. */
  step: z.int(),
});
type Progress = z.infer<typeof Progress>;

const partition = (queue: string): string => `V#${queue}`;
const progressKey = (queue: string): Key => ({ pk: partition(queue), sk: '!' });
const weekKey = (queue: string, week: number): Key => ({ pk: partition(queue), sk: dayOf(week) });
const dueAt = (queue: string, week: number): number =>
  week + WEEK + AFTER_WEEK_MS + (spread(queue) % SPREAD_MINUTES) * MINUTE;

const noCounts = (week: number): WeekCounts => ({
  week,
  companies: 0,
  hours: Array.from({ length: HOURS_OF_WEEK }, () => 0),
});

function progressItem(queue: string, progress: Progress): Item {
  return { ...progressKey(queue), ...progress, dpk: 'demand', dsk: `${timeKey(dueAt(queue, progress.week))}#${queue}` };
}

/** Begins to count a queue from the week of an instant on. Doing it again changes nothing. */
export async function startCounting(call: Call, queue: string, from: number): Promise<void> {
  const progress = { ...noCounts(periodStart(from, 'week')), through: '', step: 0 };
  await call.tables.put('market', progressItem(queue, progress), ABSENT);
}

/** Counts what is due. Answers when there is more to count; null where no queue is counted. */
export async function countDueWeeks(call: Call): Promise<{ nextAt: number | null }> {
  const DueKey = z.object({ dsk: z.string() });
  const due = { index: { name: 'due', pk: 'dpk', sk: 'dsk' }, pk: 'demand' };
  const found = await call.tables.query('market', DueKey, { ...due, to: `${timeKey(call.now)}~`, limit: MOST_QUEUES });
  await mapConcurrent(found.items, 4, (item) => countWeek(call, item.dsk.slice(item.dsk.indexOf('#') + 1)));
  const next = (await call.tables.query('market', DueKey, { ...due, limit: 1 })).items[0];
  return { nextAt: next === undefined ? null : Number(next.dsk.slice(0, 15)) };
}

/** Counts further in a queue's week; once all its companies are counted, keeps the week and goes on to the next. */
async function countWeek(call: Call, queue: string): Promise<void> {
  const progress = await call.tables.get('market', progressKey(queue), Progress, { consistent: true });
  if (progress === undefined || call.now < dueAt(queue, progress.week)) return;
  const { week } = progress;
  const senders = [...(await sendersBetween(call, queue, week, week + WEEK))]
    .filter(([company]) => company > progress.through)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const some = senders.slice(0, MOST_COMPANIES);
  const counted = await mapConcurrent(some, WIDTH, ([company, rounds]) =>
    countByHour(call, company, queue, rounds, { from: week, to: week + WEEK }),
  );
  const counts: WeekCounts = {
    week,
    companies: progress.companies + counted.filter((hours) => hours.size > 0).length,
    hours: progress.hours.map((before, hour) => counted.reduce((sum, hours) => sum + (hours.get(hour) ?? 0), before)),
  };
  const isWhole = some.length === senders.length;
  const step = progress.step + 1;
  const next = isWhole
    ? { ...noCounts(week + WEEK), through: '', step }
    : { ...counts, through: some.at(-1)?.[0] ?? '', step };
  await call.tables.transact([
    ...(isWhole
      ? [{ kind: 'put' as const, table: 'market' as const, item: { ...weekKey(queue, week), ...counts } }]
      : []),
    { kind: 'put', table: 'market', item: progressItem(queue, next), when: [['=', 'step', progress.step]] },
  ]);
}

/** The companies that may have sent requests from one instant to another, each with the rounds in which. */
export async function sendersBetween(
  call: Call,
  queue: string,
  from: number,
  to: number,
): Promise<Map<string, number[]>> {
  const all = await call.tables.queryAll('market', Round, { pk: `Q#${queue}`, prefix: 'R#' });
  // A round takes requests after its end while its successor is late, but none once it is closed.
  const rounds = all.filter(
    (round) =>
      round.startsAt < to + ROUND_SLACK_MS &&
      (round.closedAt === null || Math.max(round.closedAt, round.endsAt) > from - ROUND_SLACK_MS),
  );
  const senders = new Map<string, number[]>();
  for (const { round } of rounds) {
    const [awards, joiners] = await Promise.all([
      allCompanyAwards(call, queue, round),
      lateJoiners(call, queue, round),
    ]);
    for (const company of new Set([...awards.map((award) => award.company), ...joiners]))
      senders.set(company, [...(senders.get(company) ?? []), round]);
  }
  return senders;
}

/** A queue's counted weeks, oldest first, the newest 104 at most. */
export async function readWeeks(call: Call, queue: string): Promise<WeekCounts[]> {
  const page = await call.tables.query('market', WeekCounts, {
    pk: partition(queue),
    from: '0',
    limit: WEEKS_SHOWN,
    descending: true,
  });
  return page.items.toReversed();
}
