/** When an open invoice is looked at next for being overdue: `I#<invoice>` / `due`, in the list of what falls due. */
import * as z from 'zod';
import { financeDueAt } from '../dispatch/finance-due.store.ts';
import type { Call } from '../kernel/call.ts';
import { timeKey } from '../kernel/id.ts';
import { ABSENT, type Item, type Key, type ListPage } from '../kernel/table.ts';
import type { LedgerWrite } from '../ledger/together.ts';
import { readInvoices } from './invoice.store.ts';
import type { Invoice } from './invoice.ts';

export const DUNNING = 'dunning';
const dueKey = (invoice: string): Key => ({ pk: `I#${invoice}`, sk: 'due' });

/**
 * `notice`: its due date passes next. `pause`: the company was told, and pauses next. `void`: it is being
 * voided. */
export const DunningStep = z.enum(['notice', 'pause', 'void']);
export type DunningStep = z.infer<typeof DunningStep>;
export const DueItem = z.object({ step: DunningStep });
export type DueItem = z.infer<typeof DueItem>;

const WRITE_OFFS = 'write-offs';

const place = (invoice: string, at: number) => financeDueAt(at, DUNNING, invoice);

/** The write that lists an invoice for its due date, once. */
export const dueWrite = (invoice: string, at: number): LedgerWrite => ({
  kind: 'put',
  item: { ...dueKey(invoice), ...place(invoice, at), step: 'notice' },
  when: ABSENT,
});

/** Lists it for the next step. */
export async function noteNextStep(call: Call, invoice: string, step: DunningStep, at: number): Promise<void> {
  await call.tables.update('ledger', dueKey(invoice), { set: { step, ...place(invoice, at) } }, [['present', 'pk']]);
}

/** Lists it among those that somebody proposed to write off, for as long as it is looked at for being overdue. */
export async function noteWriteOff(call: Call, invoice: string): Promise<void> {
  const listed = { ppk: WRITE_OFFS, psk: `${timeKey(call.now)}#${invoice}` };
  await call.tables.update('ledger', dueKey(invoice), { set: listed }, [['present', 'pk']]);
}

export async function forgetWriteOff(call: Call, invoice: string): Promise<void> {
  await call.tables.update('ledger', dueKey(invoice), { remove: ['ppk', 'psk'] }, [['present', 'pk']]);
}

/** A page of the invoices that somebody proposed to write off and nobody has carried out, oldest first. */
export async function listWriteOffs(
  call: Call,
  page: ListPage,
): Promise<{ items: Invoice[]; after: Item | undefined }> {
  const index = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
  const found = await call.tables.query('ledger', z.object({ pk: z.string() }), { index, pk: WRITE_OFFS, ...page });
  const ids = found.items.map(({ pk }) => pk.slice('I#'.length));
  const invoices = await readInvoices(call, ids);
  return {
    items: ids.flatMap((id) => invoices.get(id) ?? []).filter(waitsToBeWrittenOff),
    after: found.after as Item | undefined,
  };
}

/** Also one whose second person's call failed half-way: it is carried out by the same call again. */
const waitsToBeWrittenOff = ({ state, writeOff }: Invoice): boolean => state === 'open' && writeOff !== null;

/** Takes it off the list. */
export async function forgetDue(call: Call, invoice: string): Promise<void> {
  await call.tables.delete('ledger', dueKey(invoice));
}
