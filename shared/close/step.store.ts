/**
 * Takes the close of a month on, step by step. It may stop after any line and be called again: each step finds what is done by
 * key, and what a page of companies came to is counted together with its place in the list.
 */
import { readProfiles, type StoredProfile } from '../billing-profile/billing-profile.store.ts';
import { readSettings } from '../billing-profile/settings.store.ts';
import { financeDue } from '../dispatch/finance-due.store.ts';
import { type Drafting, draftMonth, readAhead } from '../invoice/draft.store.ts';
import type { Draft } from '../invoice/draft.ts';
import { listOfClose, type Planning, savePlans } from '../invoice/invoice.store.ts';
import { carriedFrom, readPlans } from '../invoice/plan.store.ts';
import type { Plan } from '../invoice/plan.ts';
import { hasReissues } from '../invoice/reissue.store.ts';
import { addVariances, NO_VOLUMES, type Variance, type Volumes, varianceOf } from '../invoice/variance.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import type { Currency } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import { HOUR, MINUTE, monthOf } from '../kernel/time.ts';
import { movedFrom } from '../ledger/moved.store.ts';
import { beginClosing } from '../ledger/period.store.ts';
import { endOf, LONGEST_WRITER_MS, monthBefore } from '../ledger/period.ts';
import { finishClosing } from '../ledger/trial-balance.store.ts';
import { readOrganisations } from '../organisation/organisation.store.ts';
import type { Organisation } from '../organisation/organisation.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import { CLOSE_DUE, changeClose, readClose, type StoredClose, ticked, waiting } from './close.store.ts';
import type { PlanCounts } from './close.ts';

/** What a close needs of others. */
export type CloseParts = {
  /** Why not all that was due before an instant is posted; null where it is. */
  unpostedBefore: (call: StripeCall, cutOff: number) => Promise<string | null>;
  /** Why ledger and Stripe do not say the same; null where they do. */
  reconcile: (call: StripeCall, period: string) => Promise<string | null>;
  /** Whether there is time for another page. */
  mayGoOn: () => boolean;
};

const PAGE = 50;
const WIDTH = 8;
const MOST_MESSAGES = 100;
/** What waits for others is looked at again so much later. */
const RETRY_MS = 5 * MINUTE;
/** Invoices whose message was lost, or whose try failed, get another one. */
const RESEND_MS = HOUR;

/** Takes on every close that is due. Answers when the next piece of money's work is. */
export async function sweepCloses(call: StripeCall, parts: CloseParts): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, CLOSE_DUE);
  const times = nextAt === null ? [] : [nextAt];
  for (const { sk } of due) {
    const at = await stepClose(call, sk, parts);
    if (at !== null) times.push(at);
  }
  return { nextAt: times.length === 0 ? null : Math.min(...times) };
}

/** Takes one close on as far as it goes now. Answers when it goes on; null where it waits for a person, or is done. */
export async function stepClose(call: StripeCall, period: string, parts: CloseParts): Promise<number | null> {
  let toPlan: ToPlan[] | undefined;
  for (;;) {
    const close = await readClose(call, period);
    if (close === undefined || close.state === 'done' || close.state === 'approve') return null;
    if (close.state === 'plan') {
      toPlan ??= await companiesToPlan(call, period);
      await planPage(call, close, toPlan);
    }
    const moved = close.state === 'plan' ? {} : await stepOnce(call, close, parts);
    if (moved.waitsUntil !== undefined) return moved.waitsUntil;
    if (!parts.mayGoOn()) return call.now;
  }
}

/** `waitsUntil`: nothing more can be done before. */
type Moved = { waitsUntil?: number };

async function stepOnce(call: StripeCall, close: StoredClose, parts: CloseParts): Promise<Moved> {
  switch (close.state) {
    case 'sweep':
      return checked(call, close, 'sweep', await parts.unpostedBefore(call, endOf(close.period)));
    case 'reconcile':
      return checked(call, close, 'reconcile', await parts.reconcile(call, close.period));
    case 'period':
      return closePeriod(call, close, parts);
    case 'invoice':
      return invoiceAll(call, close);
    default:
      return {};
  }
}

/** Ticks a step off, or notes what it waits for. */
async function checked(
  call: StripeCall,
  close: StoredClose,
  step: 'sweep' | 'reconcile',
  waitsFor: string | null,
): Promise<Moved> {
  const set = waitsFor === null ? ticked(call, close, step, null) : waiting(close, step, waitsFor);
  const dueAt = waitsFor === null ? call.now : call.now + RETRY_MS;
  await changeClose(call, close, set, dueAt);
  return waitsFor === null ? {} : { waitsUntil: dueAt };
}

/**
 * Announces the plans, then closes the month. Who read before that a charge is not invoiced has posted by the time that the
 * closing's own wait, and as long after the announcement, is over.
 */
async function closePeriod(call: StripeCall, close: StoredClose, _parts: CloseParts): Promise<Moved> {
  const since = close.planningSince ?? call.now;
  if (close.planningSince === null) {
    await changeClose(call, close, { planningSince: since }, call.now);
    return {};
  }
  const begun = await beginClosing(call, close.period);
  if (!begun.ok) return waitFor(call, close, begun.detail, call.now + RETRY_MS);
  const finished = await finishClosing(call, close.period);
  if (!finished.ok) {
    const retry = finished.extra?.retryAt;
    const retryAt = typeof retry === 'string' ? Date.parse(retry) : Number.NaN;
    return waitFor(call, close, finished.detail, Number.isNaN(retryAt) ? call.now + MINUTE : retryAt);
  }
  const plannedFrom = since + LONGEST_WRITER_MS;
  if (call.now < plannedFrom) return waitFor(call, close, 'The last disputes from before are posted.', plannedFrom);
  const before = monthBefore(close.period);
  if (await hasReissues(call, before))
    return waitFor(call, close, `Invoices of ${before} are issued anew: approve or drop them.`, call.now + RETRY_MS);
  await changeClose(call, close, ticked(call, close, 'period', null), call.now);
  return {};
}

async function waitFor(call: StripeCall, close: StoredClose, sentence: string, until: number): Promise<Moved> {
  await changeClose(call, close, waiting(close, 'period', sentence), until);
  return { waitsUntil: until };
}

/** Plans a page of companies. What it counts is written together with the place in the list, so no page counts twice. */
async function planPage(call: Call, close: StoredClose, toPlan: readonly ToPlan[]): Promise<void> {
  const { cursor: last, period } = close;
  const left = last === null ? toPlan : toPlan.filter(({ company }) => company > last);
  const page = left.slice(0, PAGE);
  const ids = page.map(({ company }) => company);
  const [known, closedBefore, settings, ahead] = await Promise.all([
    readKnown(call, page, monthBefore(period)),
    readClose(call, monthBefore(period)),
    readSettings(call),
    readAhead(call, page, period),
  ]);
  const terms = { isFirst: closedBefore === undefined, automaticTax: settings.tax === 'automatic', ahead };
  const drafted = await mapConcurrent(page, WIDTH, (one) => draftCompany(call, one, known(one.company), period, terms));
  const plannings = drafted.flat();
  const plans = await savePlans(call, plannings);
  const planned = plannings.flatMap(({ draft }, i): Planned[] => {
    const plan = plans[i];
    return plan === undefined ? [] : [{ plan, variance: varianceOf(volumesBefore(draft), plan.volumes) }];
  });
  const counts = planned.reduce(counted, { ...close.counts, companies: close.counts.companies + page.length });
  const cursor = left.length > PAGE ? (ids.at(-1) ?? null) : null;
  const isDone = cursor === null;
  const set = {
    counts,
    cursor,
    ...(isDone ? { ...ticked(call, close, 'plan', null), invoicesLeft: counts.invoices } : {}),
  };
  await changeClose(call, close, set, isDone ? null : call.now);
}

type ToPlan = { company: string; currencies: Set<Currency>; periods: ReadonlySet<string> };

/**
 * Whom a month's close has to look at, in order: companies of which something was posted in the month or since, and those
 * of which something is carried over. Of nobody else there is anything to bill. The first close looks at all that was posted.
 */
async function companiesToPlan(call: Call, period: string): Promise<ToPlan[]> {
  const earlier = monthBefore(period);
  const isFirst = (await readClose(call, earlier)) === undefined;
  const moved = await movedFrom(call, isFirst ? '' : period);
  const all = new Map<string, ToPlan>();
  for (const [company, { currencies, periods }] of moved) all.set(company, { company, currencies, periods });
  for (const [company, currencies] of await carriedFrom(call, earlier)) {
    const known = all.get(company) ?? { company, currencies: new Set(), periods: new Set() };
    all.set(company, { ...known, currencies: new Set([...known.currencies, ...currencies]) });
  }
  return [...all.values()].sort((a, b) => (a.company < b.company ? -1 : 1));
}

type Known = { organisation: Organisation | undefined; profile: StoredProfile | undefined; before: Plan[] };

/** What is known of each of some companies before it is planned: itself, its profile, its plans of the month before. */
async function readKnown(call: Call, page: readonly ToPlan[], earlier: string): Promise<(company: string) => Known> {
  const ids = page.map(({ company }) => company);
  const months = page.flatMap(({ company, currencies }) =>
    [...currencies].map((currency) => ({ company, currency, period: earlier })),
  );
  const [organisations, profiles, plans] = await Promise.all([
    readOrganisations(call.tables, ids),
    readProfiles(call, ids),
    readPlans(call, months),
  ]);
  const before = Map.groupBy(
    plans.filter((plan) => plan !== undefined),
    ({ company }) => company,
  );
  return (company) => ({
    organisation: organisations.get(company),
    profile: profiles.get(company),
    before: before.get(company) ?? [],
  });
}

type PlanTerms = Pick<Drafting, 'ahead'> & { isFirst: boolean; automaticTax: boolean };

async function draftCompany(
  call: Call,
  { company: id, ...posted }: ToPlan,
  { organisation, profile, before }: Known,
  period: string,
  { isFirst, automaticTax, ahead }: PlanTerms,
): Promise<Planning[]> {
  if (organisation === undefined) throw new Error(`${id} has entries and is not there`);
  const registered = monthOf(Date.parse(organisation.createdAt));
  if (registered > period) return [];
  const firstMonth = isFirst ? registered : period;
  const drafts = await draftMonth(call, { company: id, firstMonth, posted, before, ahead }, period);
  return drafts.map((draft) => ({ draft, terms: { profile, automaticTax } }));
}

/** What was planned for the month right before. */
const volumesBefore = ({ period, before }: Draft): Volumes =>
  before?.period === monthBefore(period) ? before.volumes : NO_VOLUMES;

type Planned = { plan: Plan; variance: Variance };

function counted(before: PlanCounts, { plan, variance }: Planned): PlanCounts {
  const { currency, reason, invoicedMicros, balanceMicros } = plan;
  const known = before.variance[currency];
  const sum = known === undefined ? variance : addVariances(known, variance);
  const counts = { ...before, variance: { ...before.variance, [currency]: sum } };
  if (reason === null)
    return {
      ...counts,
      invoices: counts.invoices + 1,
      invoicedMicros: added(counts.invoicedMicros, currency, invoicedMicros),
    };
  const carriedMicros = added(counts.carriedMicros, currency, balanceMicros);
  if (reason === 'below_floor') return { ...counts, belowFloor: counts.belowFloor + 1, carriedMicros };
  if (reason === 'credit_balance') return { ...counts, creditBalance: counts.creditBalance + 1, carriedMicros };
  return { ...counts, nothing: counts.nothing + 1, carriedMicros };
}

const added = (sums: Partial<Record<Currency, number>>, currency: Currency, micros: number) => ({
  ...sums,
  [currency]: (sums[currency] ?? 0) + micros,
});

/** Sends a message for every invoice that is not final, now and then again, until none is left. */
async function invoiceAll(call: StripeCall, close: StoredClose): Promise<Moved> {
  const mayBeLost = close.sentAt === null || call.now - close.sentAt >= RESEND_MS;
  let left = 0;
  let held = 0;
  let after: Item | undefined;
  do {
    const page = await listOfClose(call, close.period, 'todo', {
      limit: MOST_MESSAGES,
      ...(after === undefined ? {} : { after }),
    });
    const todo = page.items.filter(({ state }) => state === 'planned' || state === 'draft');
    left += todo.length;
    held += todo.filter((invoice) => invoice.held !== null).length;
    if (mayBeLost && todo.length > 0)
      await call.hurry?.(
        'stripe-out',
        todo.map(({ id }) => ({ kind: 'invoice', id })),
      );
    after = page.after;
  } while (after !== undefined);
  const progress = { invoicesLeft: left, invoicesHeld: held, ...(mayBeLost ? { sentAt: call.now } : {}) };
  if (left === 0) {
    await changeClose(call, close, { ...progress, ...ticked(call, close, 'invoice', null) }, null);
    return {};
  }
  const sentence = held === 0 ? null : `${held} invoices are held: see the reason on each.`;
  const until = call.now + MINUTE;
  await changeClose(call, close, { ...progress, ...waiting(close, 'invoice', sentence) }, until);
  return { waitsUntil: until };
}
