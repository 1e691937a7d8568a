/**
 * Events of Stripe, each once: `SE#<event>` / `-`. As long as one is not worked it is listed as due, so that a lost message
 * or a consumer that failed is found. Beside them stand the marks of the sweeps, `SW#<name>` / `-`.
 */
import * as z from 'zod';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { cachePerOwner } from '../kernel/cache.ts';
import type { Call } from '../kernel/call.ts';
import { ABSENT, type Key } from '../kernel/table.ts';
import { writeTogether } from '../ledger/together.ts';
import { againAfterMs, EventState, nextSweepAt, StripeEvent, StripeSweep } from './stripe-event.ts';

export const EVENT_DUE = 'stripe-event';
const Stored = StripeEvent.extend({ state: EventState, times: z.int() });
type Stored = z.infer<typeof Stored>;

const keyOf = (event: string): Key => ({ pk: `SE#${event}`, sk: '-' });

/**
 * Keeps an event, and hurries it to its consumer. `known` where it was kept before, however it came; one that is not worked
 * yet is hurried again.
 */
export async function keepEvent(call: Call, event: StripeEvent): Promise<'kept' | 'known'> {
  const stored: Stored = { ...event, state: 'new', times: 0 };
  const item = {
    ...keyOf(event.event),
    ...stored,
    ...financeDueAt(call.now + againAfterMs(0), EVENT_DUE, event.event),
  };
  const written = await call.tables.put('ledger', item, ABSENT);
  if (written.ok || Stored.parse(written.old).state === 'new')
    await call.hurry?.('stripe-in', [{ event: event.event }]);
  return written.ok ? 'kept' : 'known';
}

/** Those of some events that are still to be worked; one that is done, or is not there, is absent. */
export async function openEvents(call: Call, events: readonly string[]): Promise<Map<string, StripeEvent>> {
  const found = await call.tables.getMany('ledger', events.map(keyOf), Stored, { consistent: true });
  const open = [...found.values()].filter(({ state }) => state === 'new');
  return new Map(open.map((stored) => [stored.event, StripeEvent.parse(stored)]));
}

export const eventsDone = (call: Call, events: readonly string[]): Promise<void> =>
  writeTogether(
    call,
    [...new Set(events)].map((event) => ({
      kind: 'update',
      key: keyOf(event),
      change: { set: { state: 'done' }, remove: ['cpk', 'csk'] },
      when: [['=', 'state', 'new']],
    })),
  );

/** Which of these events are kept already. */
export async function keptEvents(call: Call, events: readonly string[]): Promise<Set<string>> {
  const found = await call.tables.getMany('ledger', events.map(keyOf), z.object({ event: z.string() }));
  return new Set([...found.values()].map(({ event }) => event));
}

/** Sends messages again for events that nobody has worked in time, each later than before. Answers when to look again. */
export async function sweepEvents(call: Call): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, EVENT_DUE);
  for (const key of due) {
    const stored = await call.tables.get('ledger', key, Stored);
    if (stored?.state !== 'new') continue;
    const times = stored.times + 1;
    const again = financeDueAt(call.now + againAfterMs(times), EVENT_DUE, stored.event);
    const written = await call.tables.update('ledger', key, { set: { times, ...again } }, [
      ['=', 'state', 'new'],
      ['=', 'times', stored.times],
    ]);
    if (written.ok) await call.hurry?.('stripe-in', [{ event: stored.event }]);
  }
  return { nextAt: due.length > 0 ? Math.min(nextAt ?? Number.POSITIVE_INFINITY, call.now + againAfterMs(0)) : nextAt };
}

/**
 * How far a sweep has looked, in milliseconds, when it is to look again, and how many looks in a row have found nothing:
 * `SW#<sweep>` / `-`.
 */
const Mark = z.object({ sweep: StripeSweep, through: z.number(), dueAt: z.number(), quiet: z.int().default(0) });
export type Mark = z.infer<typeof Mark>;
export const SWEEP_DUE = 'stripe-sweep';
const markKey = (sweep: StripeSweep): Key => ({ pk: `SW#${sweep}`, sk: '-' });

/** The sweeps that are due by now, each with how far it has looked. */
export async function dueSweeps(call: Call): Promise<{ due: Mark[]; nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, SWEEP_DUE);
  const marks = await call.tables.getMany('ledger', due, Mark, { consistent: true });
  return { due: [...marks.values()].filter(({ dueAt }) => dueAt <= call.now), nextAt };
}

/** They have looked through now, and found something or not; each is due again at its next time. Never moves back. */
export const sweepsDone = (call: Call, marks: readonly Mark[], hasFound: boolean): Promise<void> =>
  writeTogether(
    call,
    marks.map(({ sweep, through, quiet }) => {
      const looks = hasFound ? 0 : quiet + 1;
      const dueAt = nextSweepAt(sweep, call.now, looks);
      const set = { through: call.now, dueAt, quiet: looks, ...financeDueAt(dueAt, SWEEP_DUE, sweep) };
      return { kind: 'update', key: markKey(sweep), change: { set }, when: [['=', 'through', through]] };
    }),
  );

const begun = cachePerOwner<true>(10);

/** Begins the sweeps, with the first call to Stripe; in a process that has seen to it, this costs nothing. */
export async function beginSweeps(call: Call): Promise<void> {
  const known = begun(call.tables.owner);
  if (known.has('all')) return;
  for (const sweep of StripeSweep.options) {
    const dueAt = nextSweepAt(sweep, call.now, 0);
    const mark: Mark = { sweep, through: call.now, dueAt, quiet: 0 };
    await call.tables.put('ledger', { ...markKey(sweep), ...mark, ...financeDueAt(dueAt, SWEEP_DUE, sweep) }, ABSENT);
  }
  known.set('all', true);
}
