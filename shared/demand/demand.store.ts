/**
 * Weekly counts of a queue, `V#<queue>` / `<Monday>`, and how far the counting has come, `V#<queue>` / `!`, which the index
 * of what is due finds under `demand`. Counted from the keys of the lists of heads, so that intake writes nothing: when
 * somebody asks, else several weeks together, for a company's list is looked at once whatever the number of weeks.
 */
import * as z from 'zod';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { spread } from '../kernel/hash.ts';
import { timeKey } from '../kernel/id.ts';
import { storedText, textOf } from '../kernel/stored-text.ts';
import { ABSENT, type Item, type Key, type Write } from '../kernel/table.ts';
import { dayOf, HOUR, MINUTE, periodStart } from '../kernel/time.ts';
import { countByHour } from '../request/request.store.ts';
import { Round } from '../round/round.ts';
import { sendersOf } from '../round/totals.store.ts';
import { HOURS_OF_WEEK, WEEK, WEEKS_SHOWN, WeekCounts } from './demand.ts';

/** A week is counted this long after its end at the earliest, so that every list is whole. */
const AFTER_WEEK_MS = HOUR;
/** Queues are counted over so many minutes, so that not all fall due at once. */
const SPREAD_MINUTES = 360;
/** A request takes the round that its function knew, which may be this much behind. */
const ROUND_SLACK_MS = HOUR;
/** Weeks that are counted together at the most, and wait for each other where nobody asks. */
const WEEKS_TOGETHER = 13;
const MOST_QUEUES = 200;
/** Companies counted in one run of a queue; the rest follows in the next. */
const MOST_COMPANIES = 400;
const WIDTH = 8;
const ROUNDS_WIDTH = 4;

const StoredWeek = WeekCounts.extend({ hours: storedText(WeekCounts.shape.hours) });
const weekItem = ({ hours, ...week }: WeekCounts) => ({ ...week, hours: textOf(hours) });

const Progress = z.object({
  /** The first week that is not counted. */
  week: z.int(),
  /** What this week and those after it brought of companies up to `through`, while others are still to be counted. */
  begun: storedText(z.array(WeekCounts)).optional(),
  through: z.string(),
  /** Grows with every write, so that of two runs at once one counts. */
  step: z.int(),
});
type Progress = z.infer<typeof Progress>;

const partition = (queue: string): string => `V#${queue}`;
const progressKey = (queue: string): Key => ({ pk: partition(queue), sk: '!' });
const weekKey = (queue: string, week: number): Key => ({ pk: partition(queue), sk: dayOf(week) });

/** From when on a week can be counted. */
const isWholeAt = (queue: string, week: number): number =>
  week + WEEK + AFTER_WEEK_MS + (spread(queue) % SPREAD_MINUTES) * MINUTE;

/** When to count at the latest: what is begun at once, else as many weeks as are counted together. */
const dueAt = (queue: string, { week, begun }: Progress): number =>
  isWholeAt(queue, begun === undefined ? week + (WEEKS_TOGETHER - 1) * WEEK : week);

const noCounts = (week: number): WeekCounts => ({
  week,
  companies: 0,
  hours: Array.from({ length: HOURS_OF_WEEK }, () => 0),
});

function progressItem(queue: string, progress: Progress): Item {
  const begun = progress.begun === undefined ? {} : { begun: textOf(progress.begun) };
  return {
    ...progressKey(queue),
    ...progress,
    ...begun,
    dpk: 'demand',
    dsk: `${timeKey(dueAt(queue, progress))}#${queue}`,
  };
}

/** Begins to count a queue from the week of an instant on. Doing it again changes nothing. */
export async function startCounting(call: Call, queue: string, from: number): Promise<void> {
  const progress = { week: periodStart(from, 'week'), through: '', step: 0 };
  await call.tables.put('market', progressItem(queue, progress), ABSENT);
}

/** Counts what is due. Answers when there is more to count; null where no queue is counted. */
export async function countDueWeeks(call: Call): Promise<{ nextAt: number | null }> {
  const DueKey = z.object({ dsk: z.string() });
  const due = { index: { name: 'due', pk: 'dpk', sk: 'dsk' }, pk: 'demand' };
  const found = await call.tables.query('market', DueKey, { ...due, to: `${timeKey(call.now)}~`, limit: MOST_QUEUES });
  await mapConcurrent(found.items, 4, (item) => countWeeks(call, item.dsk.slice(item.dsk.indexOf('#') + 1)));
  const next = (await call.tables.query('market', DueKey, { ...due, limit: 1 })).items[0];
  return { nextAt: next === undefined ? null : Number(next.dsk.slice(0, 15)) };
}

/** Counts further in a queue's weeks that are over; once all their companies are counted, keeps the weeks and goes on behind them. */
async function countWeeks(call: Call, queue: string): Promise<void> {
  const progress = await call.tables.get('market', progressKey(queue), Progress, { consistent: true });
  if (progress === undefined) return;
  const before = progress.begun ?? weeksOver(queue, progress.week, call.now).map(noCounts);
  if (before.length === 0) return;
  const span = { from: progress.week, to: progress.week + before.length * WEEK };
  const senders = [...(await sendersBetween(call, queue, span.from, span.to))]
    .filter(([company]) => company > progress.through)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const some = senders.slice(0, MOST_COMPANIES);
  const sent = await mapConcurrent(some, WIDTH, ([company, rounds]) => countByHour(call, company, queue, rounds, span));
  const counts = before.map((week, place) =>
    sent.reduce((sum, hours) => addCompany(sum, hours, place * HOURS_OF_WEEK), week),
  );
  const isWhole = some.length === senders.length;
  const step = progress.step + 1;
  const next = isWhole
    ? { week: span.to, through: '', step }
    : { week: span.from, begun: counts, through: some.at(-1)?.[0] ?? '', step };
  const whole = isWhole ? counts : [];
  await call.tables.transact([
    ...whole.map(
      (week): Write => ({ kind: 'put', table: 'market', item: { ...weekKey(queue, week.week), ...weekItem(week) } }),
    ),
    { kind: 'put', table: 'market', item: progressItem(queue, next), when: [['=', 'step', progress.step]] },
  ]);
}

/** The weeks from one on that can be counted, as many as are counted together. */
const weeksOver = (queue: string, first: number, now: number): number[] =>
  Array.from({ length: WEEKS_TOGETHER }, (_, n) => first + n * WEEK).filter((week) => now >= isWholeAt(queue, week));

/** A week with what one more company sent in it, by hours of which `first` is the week's first. */
function addCompany(counts: WeekCounts, sent: ReadonlyMap<number, number>, first: number): WeekCounts {
  const own = counts.hours.map((_, hour) => sent.get(first + hour) ?? 0);
  if (own.every((count) => count === 0)) return counts;
  const hours = counts.hours.map((count, hour) => count + own[hour]!);
  return { week: counts.week, companies: counts.companies + 1, hours };
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
  const found = await mapConcurrent(rounds, ROUNDS_WIDTH, ({ round }) => sendersOf(call, queue, round));
  const senders = new Map<string, number[]>();
  for (const [place, { round }] of rounds.entries())
    for (const company of found[place]!.companies) senders.set(company, [...(senders.get(company) ?? []), round]);
  return senders;
}

/** A queue's weeks as far as they are over, oldest first, the newest 104 at most; what is not counted yet is counted first. */
export async function weeksUpToNow(call: Call, queue: string): Promise<WeekCounts[]> {
  await countWeeks(call, queue);
  const page = await call.tables.query('market', StoredWeek, {
    pk: partition(queue),
    from: '0',
    limit: WEEKS_SHOWN,
    descending: true,
  });
  return page.items.toReversed();
}
