/**
 * Payout runs `PR#<run>` / `-`, with lines beside them. A run is collected, waits for a second person, and is paid line by
 * line; while there is work it is listed as due, so that a sweep goes on with it after a crash.
 */
import * as z from 'zod';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { otherPerson } from '../identity/second-person.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { asMicros, type Currency, wholeCents } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, keyText } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import { listOrganisations } from '../organisation/organisation.store.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { readAccounts, type StoredAccount } from './account.store.ts';
import { BY_PROVIDER, closedThrough, foldBook } from './book.store.ts';
import { draftPayout, owedInAll } from './draft.store.ts';
import { readHolds } from './hold.store.ts';
import { type PayoutHold, whyHeld } from './hold.ts';
import { clawbackOf, PayoutRun } from './payout.ts';
import { type Purse, readPurses } from './purse.store.ts';
import { Releases } from './release.store.ts';
import { type Known, lineKey, OPEN, runLines, type StoredLine, WAITS_MS, workLine } from './run-line.store.ts';
import { stillWaiting } from './waiting.store.ts';

export const RUN_DUE = 'payout-run';
/** Runs are listed for people under this. */
const RUN_LIST = 'payout-runs';
const PAGE = 25;
/** Providers whose pay is collected, and payouts that are made, side by side. */
const WIDTH = 4;
/** So many pages of providers, and so many payouts, in one go; the next one goes on. */
const MOST_PAGES = 4;
const MOST_WORKED = 100;

const runKey = (run: string): Key => ({ pk: `PR#${run}`, sk: '-' });

const StoredRun = PayoutRun.extend({ after: z.string().nullable() });
type StoredRun = z.infer<typeof StoredRun>;

const view = ({ after: _after, ...run }: StoredRun): PayoutRun => run;

/** Makes a run, which is collected at once. The same name makes it once. */
export async function makeRun(call: Call, run: string, madeBy: string): Promise<PayoutRun> {
  const fresh: StoredRun = {
    run,
    state: 'collecting',
    madeBy,
    madeAt: iso(call.now),
    approvedBy: null,
    approvedAt: null,
    doneAt: null,
    totals: [],
    after: null,
  };
  const listed = { ppk: RUN_LIST, psk: `${timeKey(call.now)}#${run}` };
  const due = financeDueAt(call.now, RUN_DUE, run);
  const written = await call.tables.put('ledger', { ...runKey(run), ...fresh, ...listed, ...due }, ABSENT);
  await call.hurry?.('stripe-out', [{ kind: 'payout', id: run }]);
  return view(written.ok ? fresh : StoredRun.parse(written.old));
}

export type RunRefusal = 'not_found' | 'second_person_needed' | 'payout_run_not_proposed';

/** A second person approves what is proposed; from then on it is paid. Repeating it changes nothing. */
export async function approveRun(call: Call, run: string, user: string): Promise<Result<PayoutRun, RunRefusal>> {
  const stored = await readStored(call, run);
  if (stored === undefined) return refuse('not_found', 'There is no such payout run.');
  if (stored.approvedBy !== null) return ok(view(stored));
  const allowed = otherPerson(stored.madeBy, user, 'this payout run');
  if (!allowed.ok) return allowed;
  const set = {
    state: 'approved',
    approvedBy: user,
    approvedAt: iso(call.now),
    ...financeDueAt(call.now, RUN_DUE, run),
  };
  const changed = await call.tables.change('ledger', runKey(run), StoredRun, { set }, [['=', 'state', 'proposed']]);
  if (!changed.ok) return notProposed(StoredRun.parse(changed.old));
  await call.hurry?.('stripe-out', [{ kind: 'payout', id: run }]);
  return ok(view(changed.item));
}

/** Takes a run back that nobody has approved; what is payable is in the next one. */
export async function dropRun(call: Call, run: string): Promise<Result<PayoutRun, RunRefusal>> {
  const changed = await call.tables.change(
    'ledger',
    runKey(run),
    StoredRun,
    { set: { state: 'dropped' }, remove: ['cpk', 'csk'] },
    [['in', 'state', ['collecting', 'proposed']]],
  );
  if (changed.ok) return ok(view(changed.item));
  if (changed.old === null) return refuse('not_found', 'There is no such payout run.');
  const stored = StoredRun.parse(changed.old);
  return stored.state === 'dropped' ? ok(view(stored)) : notProposed(stored);
}

const notProposed = ({ run, state }: StoredRun) =>
  refuse('payout_run_not_proposed', `The run ${run} is ${state}: only one that is proposed can be decided on.`);

/** Takes every run that is due a step further. Answers when the next one is. */
export async function sweepRuns(call: StripeCall): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, RUN_DUE);
  for (const { pk } of due) await workRun(call, pk.slice('PR#'.length));
  return { nextAt };
}

/** Goes on with a run where it stopped: collects it, or pays what is approved. */
export async function workRun(call: StripeCall, run: string): Promise<void> {
  let stored = await readStored(call, run);
  for (let pages = 0; stored?.state === 'collecting' && pages < MOST_PAGES; pages++)
    stored = await collectPage(call, stored);
  const isDone = stored?.state === 'approved' ? await payRun(call, stored) : stored?.state !== 'collecting';
  if (!isDone) await call.hurry?.('stripe-out', [{ kind: 'payout', id: run }]);
}

/** One page of providers: what each has payable, in each currency. At the end the run is proposed. */
async function collectPage(call: StripeCall, run: StoredRun): Promise<StoredRun> {
  const page = await listOrganisations(call.tables, 'provider', {
    limit: PAGE,
    ...(run.after === null ? {} : { after: run.after }),
  });
  const since = new Map(page.items.map(({ id, createdAt }) => [id, createdAt.slice(0, 7)]));
  const ids = [...since.keys()];
  const [closed, accounts, holds] = await Promise.all([
    closedThrough(call),
    readAccounts(call, ids),
    readHolds(call, ids),
  ]);
  await mapConcurrent([...since], WIDTH, ([id, month]) => foldBook(call, id, month, closed));
  const releases = new Releases(call);
  await mapConcurrent(await readPurses(call, ids), WIDTH, async (purse) => {
    const { provider, currency } = purse;
    const line = await proposeLine(call, purse, {
      since: since.get(provider) ?? '',
      closed,
      releases,
      account: accounts.get(provider),
      hold: holds.get(provider),
    });
    if (line !== null) await call.tables.put('ledger', { ...lineKey(run.run, provider, currency), ...line });
  });
  const totals = page.after === undefined ? await totalsOf(call, run.run) : [];
  const [isLast, isEmpty] = [page.after === undefined, totals.length === 0];
  const state = !isLast ? 'collecting' : isEmpty ? 'done' : 'proposed';
  const changed = await call.tables.change(
    'ledger',
    runKey(run.run),
    StoredRun,
    {
      set: { state, totals, after: page.after ?? run.after, ...(state === 'done' ? { doneAt: iso(call.now) } : {}) },
      ...(isLast ? { remove: ['cpk', 'csk'] } : {}),
    },
    [
      ['=', 'state', 'collecting'],
      ['=', 'after', run.after],
    ],
  );
  return changed.ok ? changed.item : StoredRun.parse(changed.old);
}

type Proposed = Known & { since: string; account: StoredAccount | undefined; hold: PayoutHold | undefined };

/** What is proposed for one provider and currency; null where there is nothing to pay and nothing to take back. */
async function proposeLine(
  call: StripeCall,
  purse: Purse,
  { since, closed, releases, account, hold }: Proposed,
): Promise<StoredLine | null> {
  const { provider, currency } = purse;
  const draft = await draftPayout(call, purse, releases);
  const payableMicros = asMicros(draft.carriedInMicros + draft.linesMicros);
  const amountMicros = Math.max(0, wholeCents(payableMicros));
  const owed = payableMicros < 0 ? await owedInAll(call, provider, currency, closed, since) : 0;
  const clawbackMicros = clawbackOf(owed);
  if (amountMicros === 0 && clawbackMicros === 0) return null;
  const reason = whyHeld(hold, account, amountMicros > 0);
  const state = reason === null ? ('proposed' as const) : ('held' as const);
  return {
    provider,
    currency,
    since,
    state,
    payableMicros,
    amountMicros,
    clawbackMicros,
    reason,
    payout: null,
    reversals: null,
  };
}

async function totalsOf(call: Call, run: string): Promise<PayoutRun['totals']> {
  const totals = new Map<Currency, PayoutRun['totals'][number]>();
  for await (const lines of runLines(call, run))
    for (const { currency, state, amountMicros, clawbackMicros } of lines) {
      const sum = totals.get(currency) ?? { currency, payouts: 0, amountMicros: 0, clawbackMicros: 0, held: 0 };
      if (state === 'held') sum.held += 1;
      else {
        sum.payouts += amountMicros > 0 ? 1 : 0;
        sum.amountMicros = asMicros(sum.amountMicros + amountMicros);
        sum.clawbackMicros = asMicros(sum.clawbackMicros + clawbackMicros);
      }
      totals.set(currency, sum);
    }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/**
 * Pays what is left of an approved run, as much as one go may; false where more is left. What waits for Stripe keeps the run
 * due, but is not in a hurry.
 */
async function payRun(call: StripeCall, run: StoredRun): Promise<boolean> {
  const known = { closed: await closedThrough(call), releases: new Releases(call) };
  let againAt: number | null = null;
  const again = (at: number): void => {
    againAt = Math.min(againAt ?? at, at);
  };
  let left = MOST_WORKED;
  for await (const lines of runLines(call, run.run)) {
    const short = await stillWaiting(
      call,
      lines.flatMap(({ state, payout }) => (state === 'waiting' ? (payout ?? []) : [])),
    );
    if (short.size > 0) again(call.now + WAITS_MS);
    const open = lines.filter(
      ({ state, payout }) => OPEN.includes(state) && !(state === 'waiting' && short.has(payout ?? '')),
    );
    const now = open.slice(0, left);
    left -= now.length;
    const times = await mapConcurrent(now, WIDTH, (line) => workLine(call, run.run, line, known));
    for (const at of times) if (at !== null) again(at);
    if (now.length < open.length) {
      await dueAgain(call, run, call.now);
      return false;
    }
  }
  await dueAgain(call, run, againAt);
  return true;
}

/** Lists an approved run as due again, or ends it. */
async function dueAgain(call: Call, { run }: StoredRun, againAt: number | null): Promise<void> {
  const set = againAt === null ? { state: 'done', doneAt: iso(call.now) } : financeDueAt(againAt, RUN_DUE, run);
  const remove = againAt === null ? { remove: ['cpk', 'csk'] } : {};
  await call.tables.update('ledger', runKey(run), { set, ...remove }, [['=', 'state', 'approved']]);
}

const readStored = (call: Call, run: string): Promise<StoredRun | undefined> =>
  call.tables.get('ledger', runKey(run), StoredRun, { consistent: true });

export async function readRun(call: Call, run: string): Promise<PayoutRun | undefined> {
  const stored = await readStored(call, run);
  return stored === undefined ? undefined : view(stored);
}

/** A page of the runs, the newest first. */
export async function listRuns(
  call: Call,
  page: { limit: number; after?: Item },
): Promise<{ items: PayoutRun[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', z.object({ pk: z.string(), sk: z.string() }), {
    index: BY_PROVIDER,
    pk: RUN_LIST,
    descending: true,
    ...page,
  });
  const items = await call.tables.getMany('ledger', found.items, StoredRun, { consistent: true });
  return {
    items: found.items.flatMap((key) => {
      const item = items.get(keyText(key));
      return item === undefined ? [] : [view(item)];
    }),
    after: found.after as Item | undefined,
  };
}
