/** When an open invoice is looked at next for being overdue: `I#<invoice>` / `due`, in the list of what falls due. */
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import type { Call } from '../kernel/call.ts';
import { ABSENT, type Key } from '../kernel/table.ts';

export const DUNNING = 'dunning';
const dueKey = (invoice: string): Key => ({ pk: `I#${invoice}`, sk: 'due' });

/**
 * `notice`: its due date passes next. `pause`: the company was told, and pauses next. `void`: it is being
 * voided. */
export const DunningStep = z.enum(['notice', 'pause', 'void']);
export type DunningStep = z.infer<typeof DunningStep>;
export const DueItem = z.object({ step: DunningStep });
export type DueItem = z.infer<typeof DueItem>;

const place = (invoice: string, at: number) => financeDueAt(at, DUNNING, invoice);

/** Lists an invoice for its due date. */
export async function noteDue(call: Call, invoice: string, at: number): Promise<void> {
  await call.tables.put('ledger', { ...dueKey(invoice), ...place(invoice, at), step: 'notice' }, ABSENT);
}

/** Lists it for the next step. */
export async function noteNextStep(call: Call, invoice: string, step: DunningStep, at: number): Promise<void> {
  await call.tables.update('ledger', dueKey(invoice), { set: { step, ...place(invoice, at) } }, [['present', 'pk']]);
}

/** Takes it off the list. */
export async function forgetDue(call: Call, invoice: string): Promise<void> {
  await call.tables.delete('ledger', dueKey(invoice));
}
