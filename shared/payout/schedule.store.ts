/**
 * What providers' pay needs by the calendar: `PS#weekly` / `-` proposes a run each week, `PS#nightly` / `-` goes through the
 * providers each night: folds their books, issues their documents, and asks Stripe how accounts with a balance due stand.
 */
import * as z from 'zod';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { DAY, dayOf, fromIso, HOUR, nextPeriodStart } from '../kernel/time.ts';
import { providersOfRun } from '../organisation/organisation.store.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { askOf, readAccounts, type StoredAccount } from './account.store.ts';
import { closedThrough, foldBook, hasUnpaid } from './book.store.ts';
import { type Purse, readPurses } from './purse.store.ts';
import { makeRun } from './run.store.ts';
import { issueDocuments, issuedThrough } from './self-billed.store.ts';

export const SCHEDULE_DUE = 'payout-schedule';
type Job = 'weekly' | 'nightly';
const jobKey = (job: Job): Key => ({ pk: `PS#${job}`, sk: '-' });
const Stored = z.object({
  at: z.number(),
  after: z.string().nullable(),
  /** The newest month that was closed when all books were last folded. */
  closed: z.string().nullable().default(null),
});
type Stored = z.infer<typeof Stored>;

/** Providers looked at side by side. */
const WIDTH = 4;
/** So many pages of providers in one sweep; the next one goes on. */
const MOST_PAGES = 2;

/** Runs are proposed on Mondays at 06:00 UTC. */
const nextWeekly = (now: number): number => {
  const thisWeek = nextPeriodStart(now, 'week') - 7 * DAY + 6 * HOUR;
  return thisWeek > now ? thisWeek : thisWeek + 7 * DAY;
};
/** Nights are at 02:00 UTC. */
const nextNightly = (now: number): number => {
  const today = fromIso(`${dayOf(now)}T02:00:00.000Z`);
  return today > now ? today : today + DAY;
};

/** Begins both, where nobody has; the first provider that says who is paid does. */
export async function beginSchedule(call: Call): Promise<void> {
  for (const [job, at] of [
    ['weekly', nextWeekly(call.now)],
    ['nightly', nextNightly(call.now)],
  ] as const) {
    const fresh: Stored = { at, after: null, closed: null };
    await call.tables.put('ledger', { ...jobKey(job), ...fresh, ...financeDueAt(at, SCHEDULE_DUE, job) }, ABSENT);
  }
}

/** Does what the calendar asks for. Doing it again does nothing twice. */
export async function sweepSchedule(call: StripeCall): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, SCHEDULE_DUE);
  for (const key of due) {
    const stored = await call.tables.get('ledger', key, Stored, { consistent: true });
    if (stored === undefined || stored.at > call.now) continue;
    if (key.pk === jobKey('weekly').pk) {
      // Nobody need hurry it: the sweep of the runs comes after this one.
      await makeRun({ ...call, hurry: undefined }, `week-${dayOf(stored.at)}`, 'schedule');
      await next(call, 'weekly', stored, { ...stored, at: nextWeekly(call.now) });
    } else {
      const closed = await closedThrough(call);
      const after = await night(call, stored, closed);
      const isOver = after === null;
      await next(call, 'nightly', stored, {
        at: isOver ? nextNightly(call.now) : stored.at,
        after,
        closed: isOver ? closed : stored.closed,
      });
    }
  }
  return { nextAt };
}

async function next(call: Call, job: Job, old: Stored, stored: Stored): Promise<void> {
  const set = { ...stored, ...financeDueAt(stored.at, SCHEDULE_DUE, job) };
  await call.tables.update('ledger', jobKey(job), { set }, [
    ['=', 'at', old.at],
    ['=', 'after', old.after],
  ]);
}

/**
 * Goes through providers after one; answers the last where there are more, null at the end. Books are folded where another
 * month has closed since the last night: whoever pays or reads one folds it up to then.
 */
async function night(call: StripeCall, stored: Stored, closed: string | null): Promise<string | null> {
  let after = stored.after ?? undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await providersOfRun(call, after);
    const ids = page.items.map(({ id }) => id);
    if (closed !== stored.closed)
      await mapConcurrent(page.items, WIDTH, ({ id, createdAt }) => foldBook(call, id, createdAt.slice(0, 7), closed));
    const [issued, accounts, purses] = await Promise.all([
      issuedThrough(call, ids),
      readAccounts(call, ids),
      readPurses(call, ids),
    ]);
    await mapConcurrent(page.items, WIDTH, async ({ id, createdAt }) => {
      if (closed !== null && (issued.get(id) ?? '') < closed)
        await issueDocuments(call, id, createdAt.slice(0, 7), closed);
    });
    const opened = [...accounts.values()].filter(({ account }) => account !== null);
    const due = await withBalanceDue(call, opened, purses, closed);
    await askOf(call, due);
    if (page.after === undefined) return null;
    after = page.after;
  }
  return after ?? null;
}

/**
 * Of some accounts those whose provider is owed anything. What the newest closed month brought has hardly been paid: only where
 * all is older its lists are asked.
 */
async function withBalanceDue(
  call: Call,
  accounts: readonly StoredAccount[],
  purses: readonly Purse[],
  closed: string | null,
): Promise<StoredAccount[]> {
  const due = await mapConcurrent(accounts, WIDTH, async (account) => {
    const own = purses.filter(({ provider }) => provider === account.provider);
    if (closed !== null && own.some(({ newest }) => newest >= closed)) return [account];
    for (const { provider, currency } of own) if (await hasUnpaid(call, provider, currency)) return [account];
    return [];
  });
  return due.flat();
}
