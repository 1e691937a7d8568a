/**
 * Counts what was settled by hour, from the keys of the ledger's lists, and tells the meter. Each part `MP#<company>` /
 * `<hour>#<n>` is stored before it is sent: Stripe takes an identifier once a day, so nothing is sent under one for longer.
 */
import * as z from 'zod';
import { readCustomers } from '../billing-profile/billing-profile.store.ts';
import { ensureCustomer } from '../billing-profile/customer.store.ts';
import { financeDue } from '../dispatch/finance-due.store.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import { type Call, mapConcurrent } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Key, type Write } from '../kernel/table.ts';
import { DAY, fromIso, HOUR, monthOf, SECOND } from '../kernel/time.ts';
import { CHARGES } from '../ledger/entry.ts';
import { indexOf, listPartition } from '../ledger/ledger.store.ts';
import { movedSince } from '../ledger/moved.store.ts';
import { chargesWithin, type Hours } from '../ledger/moved.ts';
import { writersOf } from '../ledger/period.store.ts';
import { monthBefore, months } from '../ledger/period.ts';
import { MOST_TOGETHER } from '../ledger/together.ts';
import { failureOf, onceAtStripe, type StripeCall } from '../stripe-call/stripe-call.store.ts';
import { meaningOf } from '../stripe-call/stripe-call.ts';
import { markThrough, readMark, WITNESS_DUE } from './mark.store.ts';
import {
  hourOf,
  identifierOf,
  METER_EVENT,
  MeterPart,
  maySend,
  missingParts,
  settledThrough,
  shortParts,
} from './witness.ts';

const WIDTH = 8;
const KEYS_READ = 1_000;
const MOST_SUMMARIES = 100;
const END = '\uffff';
const Listed = z.object({ csk: z.string() });

const partKey = ({ company, hour, n }: Pick<MeterPart, 'company' | 'hour' | 'n'>): Key => ({
  pk: `MP#${company}`,
  sk: `${timeKey(hour)}#${String(n).padStart(3, '0')}`,
});

/** How many of a company's resolutions were settled in each hour in which some were. */
export async function settledByHour(call: Call, company: string, { from, to }: Hours): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  const isCharge = `#${CHARGES}`;
  // A charge stands in the month in which it occurred, or in a later one.
  for (const period of months(monthBefore(monthOf(from)), monthOf(to))) {
    const range = { pk: listPartition(company, period), from: timeKey(from), to: `${timeKey(to - 1)}#${END}` };
    let after: (Key & Record<string, unknown>) | undefined;
    do {
      const page = await call.tables.query('ledger', Listed, {
        index: indexOf('company'),
        ...range,
        limit: KEYS_READ,
        ...(after === undefined ? {} : { after }),
      });
      for (const { csk } of page.items) {
        if (!csk.slice(15).startsWith(isCharge)) continue;
        const hour = hourOf(Number(csk.slice(0, 15)));
        counts.set(hour, (counts.get(hour) ?? 0) + 1);
      }
      after = page.after;
    } while (after !== undefined);
  }
  return counts;
}

/** What was sent of some hours, or is about to be, in order. */
export const readParts = (call: Call, company: string, { from, to }: Hours): Promise<MeterPart[]> =>
  call.tables.queryAll('ledger', MeterPart, {
    pk: `MP#${company}`,
    from: timeKey(from),
    to: `${timeKey(to - 1)}#${END}`,
    consistent: true,
  });

/** Hours of one company that are sent side by side. */
const HOURS_AT_ONCE = 4;
/** Companies whose parts are added together before they are sent. */
const COMPANIES_AT_ONCE = 50;

const meters = cachePerOwner<string>(1);

/** The meter, made once. No price names it. Throws where Stripe does not answer; then it is asked again. */
export const meterOf = (call: StripeCall): Promise<string> => meters(call.tables.owner).get('', () => madeMeter(call));

async function madeMeter(call: StripeCall): Promise<string> {
  const made = await onceAtStripe<{ id: string }>(call, {
    key: 'mtr:meter',
    make: (options) =>
      call.stripe.billing.meters.create(
        {
          display_name: 'Settled resolutions',
          event_name: METER_EVENT,
          default_aggregation: { formula: 'sum' },
          customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
          value_settings: { event_payload_key: 'value' },
        },
        options,
      ),
    find: async () => {
      const { data } = await call.stripe.billing.meters.list({ status: 'active', limit: 100 });
      return data.find((meter) => meter.event_name === METER_EVENT);
    },
    read: async (id) => ({ id }),
  });
  if (!made.ok) throw new Error(made.detail);
  return made.value.id;
}

/** Sends every hour that is over since the last time. It can crash anywhere; the next sweep begins where it began. */
export async function sweepWitness(call: StripeCall): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, WITNESS_DUE);
  const mark = due.length === 0 ? undefined : await readMark(call);
  if (mark === undefined) return { nextAt };
  const through = settledThrough(call.now);
  if (through > mark.through) {
    const hours = { from: mark.through, to: through };
    await writersOf(call).areThrough(through);
    const moved = [...(await movedSince(call, mark.through))].flatMap(([company, { charges }]) => {
      const counts = chargesWithin(charges, hours);
      return counts.size === 0 ? [] : [{ company, counts }];
    });
    const customers = await readCustomers(
      call,
      moved.map(({ company }) => company),
    );
    for (let at = 0; at < moved.length; at += COMPANIES_AT_ONCE)
      await sendSettled(call, hours, moved.slice(at, at + COMPANIES_AT_ONCE), customers);
  }
  const again = await markThrough(call, Math.max(through, mark.through));
  return { nextAt: Math.min(again, nextAt ?? again) };
}

type Settled = { company: string; counts: ReadonlyMap<number, number> };

/**
 * Sends what some companies settled in some hours. One whom Stripe refuses as a customer is left out. Nearly always the first
 * parts are new. Where one is not, a sweep has died: the parts of these hours are read, what is missing is added, and all is
 * sent, once more where Stripe has it already.
 */
async function sendSettled(
  call: StripeCall,
  hours: Hours,
  settled: readonly Settled[],
  customers: ReadonlyMap<string, string>,
): Promise<void> {
  const found = await mapConcurrent(settled, WIDTH, async ({ company, counts }) => {
    const customer = customers.get(company) ?? (await madeCustomer(call, company));
    return customer === null ? [] : [{ company, counts, customer }];
  });
  const sending = found.flat();
  const first = await addParts(
    call,
    sending.flatMap(({ company, counts, customer }) => partsOf(call, company, customer, missingParts(counts, []))),
  );
  const byCompany = Map.groupBy(first, ({ part }) => part.company);
  await mapConcurrent(sending, WIDTH, async ({ company, counts, customer }) => {
    const own = byCompany.get(company) ?? [];
    const isAllNew = own.every(({ isNew }) => isNew);
    const parts = isAllNew ? own.map(({ part }) => part) : await allParts(call, company, customer, hours, counts);
    const sendable = parts.filter((part) => maySend(part, call.now));
    await mapConcurrent(sendable, HOURS_AT_ONCE, (part) => send(call, part));
  });
}

/** The parts of some hours, with what was missing of them. */
async function allParts(
  call: Call,
  company: string,
  customer: string,
  hours: Hours,
  counts: ReadonlyMap<number, number>,
): Promise<MeterPart[]> {
  const parts = await readParts(call, company, hours);
  const missing = missingParts(counts, parts);
  const added = await addParts(call, partsOf(call, company, parts.at(-1)?.customer ?? customer, missing));
  return [...parts, ...added.map(({ part }) => part)];
}

const partsOf = (
  call: Call,
  company: string,
  customer: string,
  missing: ReturnType<typeof missingParts>,
): MeterPart[] => missing.map((one) => ({ company, customer, ...one, firstAt: call.now }));

/** Adds parts, many in one transaction; where one of those is there already each by itself. */
async function addParts(call: Call, parts: readonly MeterPart[]): Promise<{ part: MeterPart; isNew: boolean }[]> {
  const added: { part: MeterPart; isNew: boolean }[] = [];
  for (let at = 0; at < parts.length; at += MOST_TOGETHER) {
    const some = parts.slice(at, at + MOST_TOGETHER);
    const isWritten = some.length > 1 && (await call.tables.transact(some.map(putOf))).ok;
    if (isWritten) added.push(...some.map((part) => ({ part, isNew: true })));
    else added.push(...(await mapConcurrent(some, WIDTH, (part) => addPart(call, part))));
  }
  return added;
}

async function addPart(call: Call, part: MeterPart): Promise<{ part: MeterPart; isNew: boolean }> {
  const { table, item, when } = putOf(part);
  const written = await call.tables.put(table, item, when);
  return { part: written.ok ? part : MeterPart.parse(written.old), isNew: written.ok };
}

const putOf = (part: MeterPart) =>
  ({ kind: 'put', table: 'ledger', item: { ...partKey(part), ...part }, when: ABSENT }) satisfies Write;

async function madeCustomer(call: StripeCall, company: string): Promise<string | null> {
  const made = await ensureCustomer(call, company);
  if (made.ok) return made.value;
  if (made.retryable) throw new Error(made.detail);
  return null;
}

/** Under its identifier, whether or not Stripe has it already. What Stripe refuses is short there, and is reported. */
async function send(call: StripeCall, part: MeterPart): Promise<void> {
  await meterOf(call);
  try {
    await call.stripe.billing.meterEvents.create({
      event_name: METER_EVENT,
      identifier: identifierOf(part),
      payload: { stripe_customer_id: part.customer, value: String(part.count) },
      timestamp: part.hour / SECOND,
    });
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined || meaningOf(failure) !== 'refused') throw error;
  }
}

/** What Stripe has counted of a company, by the beginning of each hour or day in which something was. */
export async function countedAtStripe(
  call: StripeCall,
  customer: string,
  { from, to }: Hours,
  by: 'hour' | 'day',
): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  const summaries = call.stripe.billing.meters.listEventSummaries(await meterOf(call), {
    customer,
    start_time: (Math.floor(from / DAY) * DAY) / SECOND,
    end_time: (Math.ceil(to / DAY) * DAY) / SECOND,
    value_grouping_window: by,
    limit: MOST_SUMMARIES,
  });
  for await (const { start_time: start, aggregated_value: value } of summaries) counts.set(start * SECOND, value);
  return counts;
}

/** Sends again what Stripe counts short of a company's UTC day, as long as an identifier counts only once. */
export async function sendAgain(call: StripeCall, company: string, day: string): Promise<void> {
  const mark = await readMark(call);
  if (mark === undefined) return;
  const start = fromIso(`${day}T00:00:00Z`);
  const hours = { from: Math.max(start, mark.since), to: Math.min(start + DAY, mark.through) };
  if (hours.to <= hours.from) return;
  const counts = await settledByHour(call, company, hours);
  const customer = (await readCustomers(call, [company])).get(company) ?? (await madeCustomer(call, company));
  if (counts.size === 0 || customer === null) return;
  const parts = await allParts(call, company, customer, hours, counts);
  const atStripe = await countedAtStripe(call, parts.at(-1)?.customer ?? customer, hours, 'hour');
  for (const part of shortParts(parts, atStripe, call.now)) await send(call, part);
}

const ErrorType = z.object({ code: z.string(), error_count: z.number() });
const Report = z.object({ data: z.object({ reason: z.object({ error_types: z.array(ErrorType) }) }) });
export type MeterError = { code: string; count: number };

/** What Stripe took and could not count: it is short of it, so the next comparison sends it again. */
export async function meterErrors(call: StripeCall, event: string): Promise<MeterError[]> {
  const report = Report.safeParse(await call.stripe.v2.core.events.retrieve(event));
  if (!report.success) return [];
  return report.data.data.reason.error_types.map(({ code, error_count: count }) => ({ code, count }));
}

/** The hours that can be compared, of the UTC days since `since` (ms); null where nothing was counted by then. */
export async function countedHours(call: Call, since: number): Promise<Hours | null> {
  const mark = await readMark(call);
  if (mark === undefined) return null;
  const from = Math.max(Math.floor(since / DAY) * DAY, mark.since);
  return mark.through - from < HOUR ? null : { from, to: mark.through };
}
