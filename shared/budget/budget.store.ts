/**
 * Caps `B#<company>` / `<currency>`, in the index of what is due; their months `B#<company>#<month>` / `<currency>`, beside
 * them the alerts `!<currency>#<percent>#<cap>` and the lists that hold the month's requests, `Q#<queue>#<round>`.
 */
import * as z from 'zod';
import { cachePerOwner, FORGOTTEN_AT_WRITES } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { Currency } from '../kernel/money.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Item, type Key, type Write } from '../kernel/table.ts';
import { dayOf, iso, monthOf } from '../kernel/time.ts';
import { announce } from '../webhook/webhook.store.ts';
import { orderAlertMail } from './alert-mail.store.ts';
import {
  ALERT_PERCENTS,
  type AlertPercent,
  alertsReached,
  Budget,
  type BudgetAlert,
  type BudgetInput,
  BudgetMonth,
  type BudgetView,
  dayAttribute,
  usedMicros,
} from './budget.ts';
import { Pause } from './pause.ts';

const MOST_TRIES = 4;
/** Held requests that a view counts at the most. */
const MOST_COUNTED = 1_000;

const budgetKey = (company: string, currency: Currency): Key => ({ pk: `B#${company}`, sk: currency });
export const monthPartition = (company: string, month: string): string => `B#${company}#${month}`;
export const monthKey = (company: string, month: string, currency: Currency): Key => ({
  pk: monthPartition(company, month),
  sk: currency,
});
/** Where requests that a cap holds back stand in the work list, in order of acceptance. */
export const heldPartition = (company: string, currency: Currency): string => `B#${company}#${currency}`;
export const dueKeys = (company: string, currency: Currency, at: number) => ({
  dueAt: at,
  dpk: 'budget',
  dsk: `${timeKey(at)}#${company}#${currency}`,
});

/** A pause as stored, before all caps of its company; `isEnding` while what it held back is woken. */
export const StoredPause = Pause.extend({ isEnding: z.boolean() });
export const pauseKey = (company: string): Key => ({ pk: `B#${company}`, sk: '!pause' });
/** The caps in a company's partition, without its pause. */
const CAPS_FROM = 'A';

const limits = cachePerOwner<{ caps: Budget[]; isPaused: boolean }>(10_000, FORGOTTEN_AT_WRITES);

/** Forgets what this process knows of a company's caps and pause. */
export const forgetBudgets = (call: Call, company: string): void => limits(call.tables.owner).forget(company);

/** What limits a company's new requests in a currency: its cap, where it has one, and a pause. At most five seconds old. */
export async function limitsOf(
  call: Call,
  company: string,
  currency: Currency,
): Promise<{ cap: Budget | undefined; isPaused: boolean }> {
  const { caps, isPaused } = await limits(call.tables.owner).get(company, async () => {
    const pk = `B#${company}`;
    const found = await call.tables.queryAll('market', z.union([Budget, StoredPause]), { pk });
    const caps = found.filter((one) => 'currency' in one);
    return { caps, isPaused: found.some((one) => 'isEnding' in one && !one.isEnding) };
  });
  return { cap: caps.find((one) => one.currency === currency && one.capMicros !== null), isPaused };
}

/** A cap as it stands. */
export async function readBudget(call: Call, company: string, currency: Currency): Promise<Budget | undefined> {
  return call.tables.get('market', budgetKey(company, currency), Budget, { consistent: true });
}

export async function readMonth(
  call: Call,
  company: string,
  month: string,
  currency: Currency,
): Promise<BudgetMonth | undefined> {
  return call.tables.get('market', monthKey(company, month, currency), BudgetMonth, { consistent: true });
}

/**
 * Sets, changes or lifts a cap, at once and for the month that runs: what is left changes with it in one transaction.
 * What was held back is looked at right away.
 */
export async function putBudget(
  call: Call,
  company: string,
  input: BudgetInput,
): Promise<Result<null, 'still_running'>> {
  const { currency, capMicros, beyond } = input;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const before = await readBudget(call, company, currency);
    if (before !== undefined && before.capMicros === capMicros && before.beyond === beyond) return ok(null);
    const budget: Budget = {
      company,
      currency,
      capMicros,
      beyond,
      dueAt: call.now,
      version: (before?.version ?? 0) + 1,
    };
    const put: Write = {
      kind: 'put',
      table: 'market',
      item: { ...budgetKey(company, currency), ...budget, ...dueKeys(company, currency, call.now) },
      when: before === undefined ? ABSENT : [['=', 'version', before.version]],
    };
    const month = capMicros === null ? [] : [await monthWrite(call, company, currency, capMicros)];
    const written = await call.tables.transact([put, ...month]);
    forgetBudgets(call, company);
    if (written.ok) return ok(null);
  }
  return refuse('still_running', 'The budget was changed at the same moment; read it and try again.', {
    retryable: true,
  });
}

/** The write that gives the running month a cap: its first, or another one than it has. */
async function monthWrite(call: Call, company: string, currency: Currency, capMicros: number): Promise<Write> {
  const key = monthKey(company, monthOf(call.now), currency);
  const month = await readMonth(call, company, monthOf(call.now), currency);
  if (month === undefined) return { kind: 'put', table: 'market', item: newMonth(call, key, capMicros), when: ABSENT };
  const change = { set: { capMicros }, add: { leftMicros: capMicros - month.capMicros } };
  return { kind: 'update', table: 'market', key, change, when: [['=', 'capMicros', month.capMicros]] };
}

const newMonth = (call: Call, key: Key, capMicros: number): Item => ({
  ...key,
  capMicros,
  leftMicros: capMicros,
  since: call.now,
});

/**
 * Takes an amount of what the running month has left; false where that is less. One conditional update; the first of a
 * month opens it.
 */
export async function takeBudget(call: Call, budget: Budget, micros: number): Promise<boolean> {
  const { company, currency } = budget;
  const day = dayOf(call.now);
  const key = monthKey(company, monthOf(call.now), currency);
  const change = { add: { leftMicros: -micros, [dayAttribute(day)]: micros } };
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const taken = await call.tables.change('market', key, BudgetMonth, change, [['>=', 'leftMicros', micros]]);
    if (taken.ok) {
      const used = usedMicros(taken.item);
      const before = alertsReached(used - micros, taken.item.capMicros);
      const reached = alertsReached(used, taken.item.capMicros).filter((percent) => !before.includes(percent));
      await noteAlerts(call, key, reached, taken.item.capMicros);
      return true;
    }
    if (taken.old !== null) {
      await noteAlerts(call, key, [100], BudgetMonth.parse(taken.old).capMicros);
      return false;
    }
    if (!(await openMonth(call, company, currency, key))) return true;
  }
  return false;
}

/** Opens a month with the cap as it stands; false where it was lifted meanwhile. */
async function openMonth(call: Call, company: string, currency: Currency, key: Key): Promise<boolean> {
  const budget = await readBudget(call, company, currency);
  if (budget === undefined || budget.capMicros === null) return false;
  const { capMicros, version } = budget;
  await call.tables.transact([
    { kind: 'check', table: 'market', key: budgetKey(company, currency), when: [['=', 'version', version]] },
    { kind: 'put', table: 'market', item: newMonth(call, key, capMicros), when: ABSENT },
  ]);
  return true;
}

/** Gives back what was taken at `call.now` for a request that came to nothing. */
export async function giveBudgetBack(
  call: Call,
  budget: Pick<Budget, 'company' | 'currency'>,
  micros: number,
): Promise<void> {
  const key = monthKey(budget.company, monthOf(call.now), budget.currency);
  const change = { add: { leftMicros: micros, [dayAttribute(dayOf(call.now))]: -micros } };
  await call.tables.update('market', key, change, [['present', 'pk']]);
}

const listed = cachePerOwner<true>(50_000);

/** Notes in which list a month's requests of a queue and round stand, before the first of them does. */
export async function noteList(call: Call, company: string, queue: string, round: number): Promise<void> {
  const key = { pk: monthPartition(company, monthOf(call.now)), sk: `Q#${queue}#${round}` };
  await listed(call.tables.owner).get(`${key.pk}|${key.sk}`, async () => {
    await call.tables.put('market', key, ABSENT);
    return true as const;
  });
}

/** The lists that hold a month's requests. */
export async function listsOf(call: Call, company: string, month: string): Promise<{ queue: string; round: number }[]> {
  const page = { pk: monthPartition(company, month), prefix: 'Q#', consistent: true };
  const found = await call.tables.queryAll('market', z.object({ sk: z.string() }), page);
  return found.map(({ sk }) => {
    const [, queue = '', round = '0'] = sk.split('#');
    return { queue, round: Number(round) };
  });
}

const alertPrefix = (currency: string): string => `!${currency}#`;
const alerted = cachePerOwner<true>(50_000);

/** Records each alert of a month once, and tells it by webhook and by mail. The month's key says whose it is: `B#<company>#<month>` / `<currency>`. */
export async function noteAlerts(
  call: Call,
  month: Key,
  percents: readonly AlertPercent[],
  capMicros: number,
): Promise<void> {
  for (const percent of percents) {
    const key = { pk: month.pk, sk: `${alertPrefix(month.sk)}${String(percent).padStart(3, '0')}#${capMicros}` };
    await alerted(call.tables.owner).get(`${key.pk}|${key.sk}`, async () => {
      const written = await call.tables.put('market', { ...key, percent, capMicros, at: call.now }, ABSENT);
      const at = written.ok ? call.now : StoredAlert.parse(written.old).at;
      const [, company = '', of = ''] = month.pk.split('#');
      const facts = { month: of, currency: Currency.parse(month.sk), percent, capMicros };
      await orderAlertMail(call, company, facts, at);
      await announce(call, {
        tenant: company,
        type: 'budget.alert',
        subject: `${of}#${month.sk}#${percent}`,
        at,
        data: facts,
      });
      return true as const;
    });
  }
}

const StoredAlert = z.object({ percent: z.int(), capMicros: z.int(), at: z.number() });

/** A month's recorded alerts, in order of time and share. */
export async function readAlerts(
  call: Call,
  company: string,
  month: string,
  currency: Currency,
): Promise<BudgetAlert[]> {
  const page = { pk: monthPartition(company, month), prefix: alertPrefix(currency) };
  const found = await call.tables.queryAll('market', StoredAlert, page);
  return found
    .sort((a, b) => a.at - b.at || a.percent - b.percent || a.capMicros - b.capMicros)
    .map((alert) => ({ ...alert, at: iso(alert.at) }));
}

/** A company's caps as it sees them. */
export async function viewBudgets(call: Call, company: string): Promise<BudgetView[]> {
  const stored = await call.tables.queryAll('market', Budget, {
    pk: `B#${company}`,
    from: CAPS_FROM,
    consistent: true,
  });
  return Promise.all(stored.map((budget) => viewBudget(call, budget)));
}

async function viewBudget(call: Call, budget: Budget): Promise<BudgetView> {
  const { company, currency, capMicros, beyond } = budget;
  const month = monthOf(call.now);
  const [found, alerts, held] = await Promise.all([
    readMonth(call, company, month, currency),
    readAlerts(call, company, month, currency),
    call.tables.query('requests', z.object({ wsk: z.string() }), {
      index: { name: 'worklist', pk: 'wpk', sk: 'wsk' },
      pk: heldPartition(company, currency),
      limit: MOST_COUNTED,
    }),
  ]);
  return {
    currency,
    capMicros,
    beyond,
    month,
    usedMicros: found === undefined ? 0 : usedMicros(found),
    leftMicros: capMicros === null ? null : (found?.leftMicros ?? capMicros),
    countedSince: found === undefined ? null : iso(found.since),
    heldBack: { count: held.items.length, isAtLeast: held.after !== undefined },
    alertPercents: [...ALERT_PERCENTS],
    alerts,
  };
}
