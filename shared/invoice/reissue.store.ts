/**
 * Reissues `I#<voided invoice>` / `reissue`: a month billed anew. While one is under way it stands in the list
 * `reissues#<period>`, and the next month's close waits for it; the sweep finds by `due` what it can take on by itself.
 */
import * as z from 'zod';
import { readProfile } from '../billing-profile/billing-profile.store.ts';
import { readSettings } from '../billing-profile/settings.store.ts';
import { financeDue, financeDueAt } from '../dispatch/finance-due.store.ts';
import { otherPerson } from '../identity/second-person.ts';
import type { Call } from '../kernel/call.ts';
import { ok, type Refusal, type Result, refuse } from '../kernel/result.ts';
import { ABSENT, type Change, type Item, type Key, keyText, type ListPage } from '../kernel/table.ts';
import { fromIso, HOUR, iso } from '../kernel/time.ts';
import { LONGEST_WRITER_MS, monthAfter } from '../ledger/period.ts';
import type { StripeCall } from '../stripe-call/stripe-call.store.ts';
import type { DetailUrl } from './detail-link.ts';
import { draftMonth } from './draft.store.ts';
import { invoiceWrites, readInvoice, writeAhead } from './invoice.store.ts';
import { type Invoice, invoiceIdOf } from './invoice.ts';
import { planKey, readPlan, readProgress } from './plan.store.ts';
import { Reissue } from './reissue.ts';
import { runInvoice } from './run.store.ts';

export const REISSUE_DUE = 'reissue';
const RETRY_MS = HOUR;
const keyOf = (of: string): Key => ({ pk: `I#${of}`, sk: 'reissue' });
const listOf = (period: string): string => `reissues#${period}`;
const Listed = z.object({ pk: z.string() });
const ListKey = z.object({ pk: z.string(), sk: z.string() });

export type ReissueRefusal = 'not_found' | 'invoice_state' | 'second_person_needed';

export const readReissue = (call: Call, of: string): Promise<Reissue | undefined> =>
  call.tables.get('ledger', keyOf(of), Reissue, { consistent: true });

/** A page of what of a month is billed anew and is not final yet. */
export async function listReissues(
  call: Call,
  period: string,
  page: ListPage,
): Promise<{ items: Reissue[]; after: Item | undefined }> {
  const index = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
  const found = await call.tables.query('ledger', ListKey, { index, pk: listOf(period), ...page });
  const reissues = await call.tables.getMany('ledger', found.items, Reissue, { consistent: true });
  return {
    items: found.items.flatMap((key) => reissues.get(keyText(key)) ?? []),
    after: found.after as Item | undefined,
  };
}

/** Whether something of a month is billed anew and is not final yet: who plans the next month waits for it. */
export async function hasReissues(call: Call, period: string): Promise<boolean> {
  const index = { name: 'byProvider', pk: 'ppk', sk: 'psk' };
  return (await call.tables.query('ledger', Listed, { index, pk: listOf(period), limit: 1 })).items.length > 0;
}

/**
 * Asks to bill anew what a voided or dropped invoice billed; asked again, it answers how that stands. From here on its
 * charges count as invoiced again; the amount is fixed when all who read otherwise have posted, as in a close. Refused:
 * `invoice_state` where it stands, its close is not done, or the next month's plans are announced: they bill it then.
 */
export async function askReissue(
  call: Call,
  user: string,
  id: string,
): Promise<Result<Reissue, 'not_found' | 'invoice_state'>> {
  const known = await readReissue(call, id);
  if (known !== undefined) return ok(known);
  const invoice = await readInvoice(call, id);
  if (invoice === undefined) return refuse('not_found', 'There is no such invoice.');
  const refused = await refusesReissue(call, invoice);
  if (refused !== undefined) return refused;
  const { company, currency, period, version } = invoice;
  const reissue: Reissue = {
    of: id,
    invoice: invoiceIdOf(company, currency, period, version + 1),
    company,
    currency,
    period,
    state: 'asked',
    by: user,
    approvedBy: null,
    askedAt: iso(call.now),
    plannedFrom: iso(call.now + LONGEST_WRITER_MS),
    endedAt: null,
  };
  const listed = { ppk: listOf(period), psk: reissue.invoice };
  const due = financeDueAt(call.now + LONGEST_WRITER_MS, REISSUE_DUE, id);
  const written = await call.tables.transact([
    {
      kind: 'update',
      table: 'ledger',
      key: planKey(company, currency, period),
      change: { set: { invoice: reissue.invoice, reason: null } },
      when: [['=', 'reason', 'void']],
    },
    { kind: 'put', table: 'ledger', item: { ...keyOf(id), ...reissue, ...listed, ...due }, when: ABSENT },
  ]);
  if (written.ok) return ok(reissue);
  const stands = await readReissue(call, id);
  return stands === undefined ? isBilled(id) : ok(stands);
}

const isBilled = (id: string) => refuse('invoice_state', `What ${id} billed is billed by another invoice.`);

async function refusesReissue(call: Call, invoice: Invoice): Promise<Refusal<'invoice_state'> | undefined> {
  const { id, state, company, currency, period } = invoice;
  if (state !== 'void' && state !== 'dropped')
    return refuse('invoice_state', `Invoice ${id} is ${state}: only one that was voided or dropped is issued anew.`);
  const [own, next, plan] = await Promise.all([
    readProgress(call, period),
    readProgress(call, monthAfter(period)),
    readPlan(call, company, currency, period),
  ]);
  if (own?.state !== 'done')
    return refuse('invoice_state', `The close of ${period} is not done yet: ask again when it is.`, {
      retryable: true,
    });
  if (next?.planningSince != null)
    return refuse('invoice_state', `${monthAfter(period)} is being billed: its invoice takes in what ${id} billed.`);
  return plan?.reason === 'void' ? undefined : isBilled(id);
}

/** Another person approves a reissue, and it becomes final. Said again by the same person, it changes nothing. */
export async function approveReissue(call: Call, user: string, of: string): Promise<Result<Reissue, ReissueRefusal>> {
  const reissue = await readReissue(call, of);
  if (reissue === undefined) return refuse('not_found', 'Nobody asked to issue this invoice anew.');
  if (reissue.approvedBy === user) return ok(reissue);
  if (reissue.state !== 'planned')
    return refuse(
      'invoice_state',
      reissue.state === 'asked'
        ? `The amount of ${reissue.invoice} is fixed at ${reissue.plannedFrom}: approve it after that.`
        : `The reissue is ${reissue.state}: nobody decides it again.`,
      { retryable: reissue.state === 'asked' },
    );
  const other = otherPerson(reissue.by, user, `the reissue ${reissue.invoice}`);
  if (!other.ok) return other;
  const set = { state: 'approved' as const, approvedBy: user };
  const due = financeDueAt(call.now, REISSUE_DUE, of);
  if (!(await change(call, reissue, { set: { ...set, ...due } }))) return approveReissue(call, user, of);
  await call.hurry?.('stripe-out', [{ kind: 'invoice', id: reissue.invoice }]);
  return ok({ ...reissue, ...set });
}

/** The invoice of a reissue was dropped: it is over, and may be asked for anew under the next version. */
export async function endDroppedReissue(call: Call, invoice: Invoice): Promise<void> {
  const { company, currency, period, version } = invoice;
  if (version === 0) return;
  const reissue = await readReissue(call, invoiceIdOf(company, currency, period, version - 1));
  if (reissue !== undefined && reissue.endedAt === null) await change(call, reissue, ended(call, 'dropped'));
}

/** Takes on what is due: fixes amounts, and makes final what is approved. One that fails holds up no other, and stays due. */
export async function sweepReissues(call: StripeCall, detailUrl?: DetailUrl): Promise<{ nextAt: number | null }> {
  const { due, nextAt } = await financeDue(call, REISSUE_DUE);
  const failures: unknown[] = [];
  for (const { pk } of due)
    await stepReissue(call, pk.slice('I#'.length), detailUrl).catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} reissues failed: ${String(failures[0])}`);
  return { nextAt };
}

async function stepReissue(call: StripeCall, of: string, detailUrl: DetailUrl | undefined): Promise<void> {
  const reissue = await readReissue(call, of);
  if (reissue?.state === 'asked') await planReissue(call, reissue);
  else if (reissue?.state === 'approved') {
    const done = await runInvoice(call, reissue.invoice, detailUrl);
    const next = done.ok
      ? ended(call, 'done')
      : { set: { ...financeDueAt(call.now + RETRY_MS, REISSUE_DUE, reissue.of) } };
    await change(call, reissue, next);
  }
}

/** Drafts the month as its close would by now, and plans the invoice, or says that too little is left. */
async function planReissue(call: StripeCall, reissue: Reissue): Promise<void> {
  const { of, company, currency, period } = reissue;
  if (call.now < fromIso(reissue.plannedFrom)) return;
  const voided = await readInvoice(call, of);
  if (voided === undefined) throw new Error(`${of} is issued anew and is not there`);
  const drafts = await draftMonth(call, { company, firstMonth: voided.since }, period);
  const draft = drafts.find((one) => one.currency === currency);
  const plan = planKey(company, currency, period);
  const isPlanned: [['=', string, string]] = [['=', 'invoice', reissue.invoice]];
  if (draft === undefined || draft.reason !== null) {
    const { reason = 'nothing', belowFloorMonths = 0 } = draft ?? {};
    const set = { invoice: null, reason, invoicedMicros: 0, belowFloorMonths };
    await call.tables.transact([
      { kind: 'update', table: 'ledger', key: plan, change: { set }, when: isPlanned },
      moved(reissue, ended(call, 'nothing')),
    ]);
    return;
  }
  const [profile, settings] = await Promise.all([readProfile(call, company), readSettings(call)]);
  const terms = { profile, automaticTax: settings.tax === 'automatic' };
  const left = await writeAhead(call, invoiceWrites(call, draft, terms, voided.version + 1));
  const set = { invoicedMicros: draft.drafted.totalMicros };
  await call.tables.transact([
    ...left,
    { kind: 'update', table: 'ledger', key: plan, change: { set }, when: isPlanned },
    moved(reissue, { set: { state: 'planned' }, remove: ['cpk', 'csk'] }),
  ]);
}

const ended = (call: Call, state: 'done' | 'dropped' | 'nothing'): Change => ({
  set: { state, endedAt: iso(call.now) },
  remove: ['ppk', 'psk', 'cpk', 'csk'],
});

const moved = ({ of, state }: Reissue, change: Change) => ({
  kind: 'update' as const,
  table: 'ledger' as const,
  key: keyOf(of),
  change,
  when: [['=', 'state', state]] as [['=', string, string]],
});

async function change(call: Call, reissue: Reissue, to: Change): Promise<boolean> {
  const { table, key, when } = moved(reissue, to);
  return (await call.tables.update(table, key, to, when)).ok;
}
