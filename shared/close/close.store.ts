/** Closes of months, `CLOSES` / `<period>`: begun by one person, approved by another, driven by a sweep in between. */
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import { otherPerson } from '../identity/second-person.ts';
import { CLOSES, closeKey } from '../invoice/plan.store.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Change } from '../kernel/table.ts';
import { iso } from '../kernel/time.ts';
import {
  CLOSE_STEPS,
  Close,
  type CloseState,
  type CloseStep,
  mayClose,
  NO_COUNTS,
  type Noted,
  stepAfter,
} from './close.ts';

export const CLOSE_DUE = 'close';

/** As stored: with where the plan has come to, and when plans were announced and messages sent. */
export const StoredClose = Close.extend({
  /** A charge of the month counts as invoiced from here on. */
  planningSince: z.number().nullable(),
  /** The place in the list of companies; null at its begin and end. */
  cursor: z.string().nullable(),
  sentAt: z.number().nullable(),
  version: z.int(),
});
export type StoredClose = z.infer<typeof StoredClose>;

export async function readClose(call: Call, period: string): Promise<StoredClose | undefined> {
  return call.tables.get('ledger', closeKey(period), StoredClose, { consistent: true });
}

/** All closes, newest month first. */
export async function listCloses(call: Call): Promise<StoredClose[]> {
  return call.tables.queryAll('ledger', StoredClose, { pk: CLOSES, descending: true, consistent: true });
}

/** The close of the newest month for which one was begun. */
export async function newestClose(call: Call): Promise<StoredClose | undefined> {
  const newest = { pk: CLOSES, descending: true, limit: 1, consistent: true };
  return (await call.tables.query('ledger', StoredClose, newest)).items[0];
}

const NOT_BEGUN: Noted = { startedAt: null, doneAt: null, by: null, waitsFor: null };

/** Begins a month's close; who begins it again finds it as it stands. Refused: `period_not_over`, `close_out_of_order`. */
export async function startClose(
  call: Call,
  user: string,
  period: string,
): Promise<Result<StoredClose, 'period_not_over' | 'close_out_of_order'>> {
  const known = await readClose(call, period);
  if (known !== undefined) return ok(known);
  const newest = await newestClose(call);
  const allowed = mayClose(period, newest, call.now);
  if (!allowed.ok) return allowed;
  const steps = Object.fromEntries(CLOSE_STEPS.map((step) => [step, NOT_BEGUN])) as Record<CloseStep, Noted>;
  const close: StoredClose = {
    period,
    state: 'sweep',
    maker: user,
    approver: null,
    steps: { ...steps, sweep: { ...NOT_BEGUN, startedAt: iso(call.now), by: user } },
    counts: NO_COUNTS,
    invoicesLeft: null,
    invoicesHeld: 0,
    startedAt: iso(call.now),
    doneAt: null,
    planningSince: null,
    cursor: null,
    sentAt: null,
    version: 0,
  };
  const item = { ...closeKey(period), ...close, ...financeDueAt(call.now, CLOSE_DUE, period) };
  const written = await call.tables.put('ledger', item, ABSENT);
  return ok(written.ok ? close : StoredClose.parse(written.old));
}

/** Changes a close that nobody changed since it was read. `dueAt`: when the sweep looks at it next; null: not by itself. */
export async function changeClose(
  call: Call,
  close: StoredClose,
  set: Partial<StoredClose>,
  dueAt: number | null,
): Promise<StoredClose | undefined> {
  const next: StoredClose = { ...close, ...set, version: close.version + 1 };
  const change: Change =
    dueAt === null
      ? { set: { ...set, version: next.version }, remove: ['cpk', 'csk'] }
      : { set: { ...set, version: next.version, ...financeDueAt(dueAt, CLOSE_DUE, close.period) } };
  const written = await call.tables.update('ledger', closeKey(close.period), change, [['=', 'version', close.version]]);
  return written.ok ? next : undefined;
}

/** What changes as a step is done: it is ticked off, and the next one begins. */
export function ticked(call: Call, close: StoredClose, step: CloseStep, by: string | null): Partial<StoredClose> {
  const at = iso(call.now);
  const state: CloseState = stepAfter(step);
  const done = { ...close.steps[step], doneAt: at, by: by ?? close.steps[step].by, waitsFor: null };
  if (state === 'done') return { state, doneAt: at, steps: { ...close.steps, [step]: done } };
  return { state, steps: { ...close.steps, [step]: done, [state]: { ...NOT_BEGUN, startedAt: at } } };
}

/** What changes as a step has to wait. */
export const waiting = (close: StoredClose, step: CloseStep, waitsFor: string | null): Partial<StoredClose> => ({
  steps: { ...close.steps, [step]: { ...close.steps[step], waitsFor } },
});

/**
 * A second person releases the planned invoices. Approving again changes nothing. Refused: `not_found`, `close_not_ready`,
 * `second_person_needed`.
 */
export async function approveClose(
  call: Call,
  user: string,
  period: string,
): Promise<Result<StoredClose, 'not_found' | 'close_not_ready' | 'second_person_needed'>> {
  const close = await readClose(call, period);
  if (close === undefined) return refuse('not_found', `The close of ${period} was not begun.`);
  if (close.approver !== null) return ok(close);
  if (close.state !== 'approve')
    return refuse(
      'close_not_ready',
      `The close of ${period} is at '${close.state}': it can be approved once all is planned.`,
      {
        retryable: true,
      },
    );
  const other = otherPerson(close.maker, user, `the close of ${period}`);
  if (!other.ok) return other;
  const set = { ...ticked(call, close, 'approve', user), approver: user };
  const next = await changeClose(call, close, set, call.now);
  return next === undefined ? approveClose(call, user, period) : ok(next);
}

/** The close as people see it. */
export function closeView(stored: StoredClose): Close {
  const { planningSince: _since, cursor: _cursor, sentAt: _sent, version: _version, ...shown } = stored;
  return shown;
}
