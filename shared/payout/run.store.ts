/**
 * Payout runs `PR#<run>` / `-` with a line per provider and currency that has pay, `L#<provider>#<currency>`. A run is
 * collected, waits for a second person, and is paid line by line; while there is work it is listed as due, so that a sweep
 * goes on with it after a crash.
 */
import * as z from 'zod';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { otherPerson } from '../identity/second-person.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { asMicros, type Currency, formatMicros, wholeCents } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Condition, type Item, type Key, keyText } from '../kernel/table.ts';
import { HOUR, iso, MINUTE } from '../kernel/time.ts';
import { listOrganisations } from '../organisation/organisation.store.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { readAccount, readAccounts, type StoredAccount } from './account.store.ts';
import { BY_PROVIDER, closedThrough, foldBook } from './book.store.ts';
import { planTakeBack, takeBack } from './clawback.store.ts';
import { draftPayout, owedInAll } from './draft.store.ts';
import { readHold, readHolds } from './hold.store.ts';
import { type PayoutHold, whyHeld } from './hold.ts';
import { holdPayout, payProvider } from './payout.store.ts';
import { clawbackOf, PayoutRun, payoutIdOf, RunLine } from './payout.ts';
import { type Purse, readPurses } from './purse.store.ts';
import { Releases } from './release.store.ts';
import { stillWaiting } from './waiting.store.ts';

export const RUN_DUE = 'payout-run';
/** Runs are listed for people under this. */
const RUN_LIST = 'payout-runs';
const PAGE = 25;
/** Providers whose pay is collected, and payouts that are made, side by side. */
const WIDTH = 4;
/** What waits for money at Stripe, or for Stripe's answer, is tried again after so long. */
const WAITS_MS = HOUR;
/** So many pages of providers, and so many payouts, in one go; the next one goes on. */
const MOST_PAGES = 4;
const MOST_WORKED = 100;
const AGAIN_MS = 5 * MINUTE;

const runKey = (run: string): Key => ({ pk: `PR#${run}`, sk: '-' });
const lineKey = (run: string, provider: string, currency: Currency): Key => ({
  pk: `PR#${run}`,
  sk: `L#${provider}#${currency}`,
});

const StoredRun = PayoutRun.extend({ after: z.string().nullable() });
type StoredRun = z.infer<typeof StoredRun>;
const StoredLine = RunLine.extend({
  since: z.string(),
  /** Fixed before the first of them is asked for. */
  reversals: z.array(z.object({ transfer: z.string(), micros: z.int() })).nullable(),
});
type StoredLine = z.infer<typeof StoredLine>;
/** Lines that are still to be paid. */
const OPEN: readonly RunLine['state'][] = ['proposed', 'waiting'];

const view = ({ after: _after, ...run }: StoredRun): PayoutRun => run;
const lineView = ({ since: _since, reversals: _reversals, ...line }: StoredLine): RunLine => line;

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

type Known = { closed: string | null; releases: Releases };
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

type Worked = Pick<RunLine, 'state' | 'reason' | 'payout'> & { again: number | null };

/**
 * Takes a line as far as it goes now, and notes how far that is; what another process has brought to its end meanwhile stays.
 * Answers when it is to be tried again; null where it is over.
 */
async function workLine(call: StripeCall, run: string, line: StoredLine, known: Known): Promise<number | null> {
  const { again, ...set } = await pay(call, run, line, known);
  const when: Condition = set.state === 'paid' || set.state === 'failed' ? [] : [['in', 'state', OPEN]];
  await call.tables.update('ledger', lineKey(run, line.provider, line.currency), { set }, when);
  return again;
}

async function pay(call: StripeCall, run: string, line: StoredLine, { closed, releases }: Known): Promise<Worked> {
  const { provider, currency, since } = line;
  const [hold, account] = await Promise.all([
    readHold(call, provider),
    readAccount(call, provider),
    foldBook(call, provider, since, closed),
  ]);
  const order = { run, provider, currency, approvedMicros: line.amountMicros };
  const target = hold === undefined ? (account?.account ?? null) : null;
  if (line.amountMicros === 0 && target !== null) return workTakeBack(call, run, line, target, closed);
  const outcome =
    target === null
      ? await holdPayout(call, order, `Held: ${hold?.reason ?? 'no account'}`)
      : await payProvider(call, { ...order, account: target }, releases);
  const payout = payoutIdOf(provider, currency, run);
  const { reason } = outcome;
  switch (outcome.state) {
    case 'paid':
    case 'failed':
      return { state: outcome.state, reason, payout, again: null };
    case 'held':
      return { state: 'held', reason, payout: null, again: null };
    case 'nothing':
      return { state: 'nothing', reason: 'It is no longer payable.', payout: null, again: null };
    case 'waiting':
      return { state: 'waiting', reason, payout, again: call.now + WAITS_MS };
    case 'busy':
    case 'again':
      return { state: 'waiting', reason, payout: line.payout, again: call.now + AGAIN_MS };
  }
}

async function workTakeBack(
  call: StripeCall,
  run: string,
  line: StoredLine,
  account: string,
  closed: string | null,
): Promise<Worked> {
  const { provider, currency, since } = line;
  const common = { run, provider, currency, account };
  const plan = line.reversals ?? (await fixReversals(call, line, common, closed));
  const taken = await takeBack(call, { ...common, micros: line.clawbackMicros }, plan);
  if (taken === null)
    return { state: 'waiting', reason: 'Stripe did not answer for certain.', payout: null, again: call.now + AGAIN_MS };
  await foldBook(call, provider, since, closed);
  const reason = `${formatMicros(taken)} ${currency} came back; what is still owed is taken from later pay.`;
  return { state: taken === 0 ? 'nothing' : 'taken_back', reason, payout: null, again: null };
}

async function fixReversals(
  call: StripeCall,
  line: StoredLine,
  common: { run: string; provider: string; currency: Currency; account: string },
  closed: string | null,
): Promise<NonNullable<StoredLine['reversals']>> {
  const owed = clawbackOf(await owedInAll(call, line.provider, line.currency, closed, line.since));
  const plan = await planTakeBack(call, { ...common, micros: Math.min(owed, line.clawbackMicros) });
  const key = lineKey(common.run, line.provider, line.currency);
  const changed = await call.tables.change('ledger', key, StoredLine, { set: { reversals: plan } }, [
    ['=', 'reversals', null],
  ]);
  return (changed.ok ? changed.item : StoredLine.parse(changed.old)).reversals ?? plan;
}

const readStored = (call: Call, run: string): Promise<StoredRun | undefined> =>
  call.tables.get('ledger', runKey(run), StoredRun, { consistent: true });

export async function readRun(call: Call, run: string): Promise<PayoutRun | undefined> {
  const stored = await readStored(call, run);
  return stored === undefined ? undefined : view(stored);
}

async function* runLines(call: Call, run: string): AsyncGenerator<StoredLine[]> {
  let after: Item | undefined;
  do {
    const page = await listStoredLines(call, run, { limit: 100, ...(after === undefined ? {} : { after }) });
    yield page.items;
    after = page.after;
  } while (after !== undefined);
}

async function listStoredLines(
  call: Call,
  run: string,
  page: { limit: number; after?: Item },
): Promise<{ items: StoredLine[]; after: Item | undefined }> {
  const found = await call.tables.query('ledger', StoredLine, {
    pk: `PR#${run}`,
    from: 'L#',
    to: 'L#\uffff',
    consistent: true,
    ...page,
  });
  return { items: found.items, after: found.after as Item | undefined };
}

/** A page of a run's lines, by provider and currency. */
export async function listRunLines(
  call: Call,
  run: string,
  page: { limit: number; after?: Item },
): Promise<{ items: RunLine[]; after: Item | undefined }> {
  const found = await listStoredLines(call, run, page);
  return { items: found.items.map(lineView), after: found.after };
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
